package dev.outbox.benchmarks.contestant;

import java.util.List;
import java.util.stream.LongStream;

import org.springframework.core.Ordered;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Writes down what one thread has committed, and when: before anybody else hears of it.
 */
final class Recorder {

	private final LongStream.Builder ids = LongStream.builder();

	private final LongStream.Builder times = LongStream.builder();

	private final LongStream.Builder durations = LongStream.builder();

	private int failed;

	// Called within the transaction.
	void expect(List<Change> changes) {
		TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

			@Override
			public int getOrder() {
				return Ordered.HIGHEST_PRECEDENCE;
			}

			@Override
			public void afterCommit() {
				long now = Micros.now();
				for (Change change : changes) {
					Recorder.this.ids.add(change.id());
					Recorder.this.times.add(now);
				}
			}

		});
	}

	void took(long nanos) {
		this.durations.add(nanos);
	}

	void failed() {
		this.failed++;
	}

	int failures() {
		return this.failed;
	}

	LongStream ids() {
		return this.ids.build();
	}

	LongStream times() {
		return this.times.build();
	}

	LongStream durations() {
		return this.durations.build();
	}

}
