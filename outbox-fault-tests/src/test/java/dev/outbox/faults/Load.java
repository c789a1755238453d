package dev.outbox.faults;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

import dev.outbox.EventType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Threads that change the ledger until they are stopped, whatever fails.
 */
final class Load {

	private static final Logger logger = LoggerFactory.getLogger(Load.class);

	private static final int THREADS = 2;

	private static final Duration AFTER_FAILURE = Duration.ofMillis(50);

	private final Ledger ledger;

	private final AtomicLong longest = new AtomicLong();

	private volatile boolean running;

	private List<Thread> threads = List.of();

	Load(Ledger ledger) {
		this.ledger = ledger;
	}

	void start(EventType type, long seed, Duration apart) {
		this.running = true;
		this.longest.set(0);
		this.threads = IntStream.range(0, THREADS)
			.mapToObj((number) -> new Thread(() -> work(type, new Random(seed + number), apart), "load-" + number))
			.toList();
		this.threads.forEach(Thread::start);
	}

	private void work(EventType type, Random random, Duration apart) {
		while (this.running) {
			long start = System.nanoTime();
			try {
				this.ledger.change(type, random);
				long took = System.nanoTime() - start;
				this.longest.accumulateAndGet(took, Math::max);
				LockSupport.parkNanos(apart.toNanos());
			}
			catch (RuntimeException ex) {
				logger.debug("A change failed", ex);
				LockSupport.parkNanos(AFTER_FAILURE.toNanos());
			}
		}
	}

	void stop() throws InterruptedException {
		this.running = false;
		for (Thread thread : this.threads) {
			thread.join();
		}
		this.threads = List.of();
	}

	// The longest transaction that was committed, or rolled back as it should be.
	Duration longest() {
		return Duration.ofNanos(this.longest.get());
	}

}
