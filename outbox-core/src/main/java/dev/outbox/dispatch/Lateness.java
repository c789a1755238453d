package dev.outbox.dispatch;

import java.time.Duration;
import java.util.function.LongSupplier;

import dev.outbox.store.PlacedEvent;

/**
 * Whether own events are sent late, which committing threads are to know. Any thread may
 * ask.
 */
final class Lateness {

	private static final Duration LATE = Duration.ofMillis(50);

	private static final Duration RECENT = Duration.ofMillis(100);

	private final LongSupplier clock;

	private volatile long lateAt;

	Lateness(LongSupplier clock) {
		this.clock = clock;
		this.lateAt = clock.getAsLong() - RECENT.toNanos();
	}

	void sent(PlacedEvent own, long now) {
		if (now - own.storedAt() > LATE.toNanos()) {
			this.lateAt = now;
		}
	}

	// What waits will be sent late.
	void foresee() {
		this.lateAt = this.clock.getAsLong();
	}

	boolean isRecent() {
		return this.clock.getAsLong() - this.lateAt < RECENT.toNanos();
	}

}
