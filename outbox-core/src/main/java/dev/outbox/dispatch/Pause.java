package dev.outbox.dispatch;

import java.time.Duration;

/**
 * A pause after a failure, twice as long after each further one. Times are those of a
 * monotonic clock in nanoseconds.
 */
final class Pause {

	private final long shortest;

	private final long longest;

	private long length;

	private long until;

	private boolean ended;

	Pause(Duration shortest, Duration longest) {
		this.shortest = shortest.toNanos();
		this.longest = longest.toNanos();
	}

	void begin(long now) {
		begin(now, this.longest);
	}

	// No longer than this time.
	void begin(long now, long most) {
		this.length = (this.length > 0) ? Math.min(2 * this.length, Math.min(most, this.longest)) : this.shortest;
		this.until = now + this.length;
		this.ended = false;
	}

	// Ends this pause, but not the doubling.
	void end() {
		this.ended = true;
	}

	// Answers whether there had been one.
	boolean reset() {
		boolean was = this.length > 0;
		this.length = 0;
		return was;
	}

	boolean isSet() {
		return this.length > 0;
	}

	boolean isOver(long now) {
		return remaining(now) == 0;
	}

	long remaining(long now) {
		return (this.length > 0 && !this.ended) ? Math.max(0, this.until - now) : 0;
	}

}
