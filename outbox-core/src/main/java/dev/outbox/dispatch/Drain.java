package dev.outbox.dispatch;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

/**
 * The wait of a stop until nothing is under way and nothing can be sent for now. For
 * events of other instances it waits a while: own ones left behind them would need the
 * relay.
 */
final class Drain {

	private static final Duration LONGEST = Duration.ofSeconds(1);

	private final LongSupplier clock;

	private @Nullable CompletableFuture<Void> drained;

	private long since;

	private long patience;

	Drain(LongSupplier clock) {
		this.clock = clock;
	}

	void begin(CompletableFuture<Void> drained, Duration patience) {
		this.drained = drained;
		this.since = this.clock.getAsLong();
		this.patience = Math.min(patience.toNanos(), LONGEST.toNanos());
	}

	void end() {
		this.drained = null;
	}

	boolean isUnderWay() {
		return this.drained != null;
	}

	boolean isPatient() {
		return this.clock.getAsLong() - this.since < this.patience;
	}

	void complete() {
		CompletableFuture<Void> drained = this.drained;
		if (drained != null) {
			drained.complete(null);
		}
	}

}
