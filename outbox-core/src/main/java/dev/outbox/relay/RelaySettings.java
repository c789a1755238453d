package dev.outbox.relay;

import java.time.Duration;

/**
 * Settings of the relay.
 *
 * @param interval how often it looks whether anything is stale
 * @param staleAfter how long an event may be pending before it is sent again
 * @param longestBackOff how long it waits between attempts to resend an event, at most
 * @since 0.1
 */
public record RelaySettings(Duration interval, Duration staleAfter, Duration longestBackOff) {

	private static final int SHORTEST_LEASE = 4;

	private static final int MOST_DOUBLINGS = 20;

	/**
	 * Whether an event is stale. One from the future is, too: the database's clock was
	 * wrong when it was stored.
	 * @param age the event's age
	 * @param more what is added to the age at which events are stale
	 * @return whether it is stale
	 */
	boolean isStale(Duration age, Duration more) {
		return age.compareTo(this.staleAfter.plus(more)) >= 0 || age.plus(this.staleAfter).isNegative();
	}

	/**
	 * How long the lock is held without being renewed: half of the time after which what
	 * a lost instance has left behind becomes stale, but several intervals at least.
	 * @return the lease
	 */
	Duration lease() {
		Duration shortest = this.interval.multipliedBy(SHORTEST_LEASE);
		Duration half = this.staleAfter.dividedBy(2);
		return (half.compareTo(shortest) > 0) ? half : shortest;
	}

	/**
	 * How long to wait after an attempt: twice as long after each further one.
	 * @param attempts how many attempts there have been
	 * @return how long to wait before the next
	 */
	Duration backOff(int attempts) {
		return shorter(this.staleAfter.multipliedBy(1L << Math.min(attempts, MOST_DOUBLINGS)), this.longestBackOff);
	}

	/**
	 * How long to wait after passes over the table in which nothing could be sent.
	 * @param vainPasses how many there have been in a row
	 * @return how long to wait before the next
	 */
	Duration passPause(int vainPasses) {
		return shorter(this.interval.multipliedBy(1L << Math.min(vainPasses, MOST_DOUBLINGS)), this.staleAfter);
	}

	private static Duration shorter(Duration one, Duration other) {
		return (one.compareTo(other) < 0) ? one : other;
	}

}
