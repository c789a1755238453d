package dev.outbox.dispatch;

import java.time.Duration;

/**
 * What is under way to one partition.
 * <p>
 * The first event goes alone. Only when it has been acknowledged does the broker know
 * this producer's sequence there, and will it refuse whatever follows an event that it
 * has refused; from then on events are pipelined.
 */
final class PartitionFlow {

	private static final Duration PROOF = Duration.ofMinutes(10);

	private boolean proven;

	private int inFlight;

	private long bytes;

	private long usedAt;

	private long movedAt;

	// The broker forgets a producer that has been idle for long.
	boolean takesMore(long now, long maxBytes) {
		if (this.inFlight == 0 && now - this.usedAt > PROOF.toNanos()) {
			this.proven = false;
		}
		return (this.proven || this.inFlight == 0) && this.bytes < maxBytes;
	}

	boolean isProven() {
		return this.proven;
	}

	void sent(long size, long now) {
		if (this.inFlight == 0) {
			this.movedAt = now;
		}
		this.inFlight++;
		this.bytes += size;
		this.usedAt = now;
	}

	void completed(long size, boolean acknowledged, long at) {
		this.inFlight--;
		this.bytes -= size;
		this.proven = acknowledged;
		if (acknowledged) {
			this.movedAt = at;
		}
	}

	boolean isStuck(long now, Duration length) {
		return this.inFlight > 0 && now - this.movedAt >= length.toNanos();
	}

}
