package dev.outbox.relay;

import java.time.Duration;

/**
 * Chooses the instance that relays. Two may hold the lock at once if one was paused; that
 * costs duplicates and nothing else.
 *
 * @since 0.1
 */
public interface RelayLock {

	/**
	 * Look at the lock without acquiring it. One trivial query.
	 * @param lease how long it would be held
	 * @return what there is
	 */
	Look look(Duration lease);

	/**
	 * Acquire the lock, or prolong it.
	 * @param lease how long it is held from now on, by the database's clock
	 * @return whether this instance holds it
	 */
	boolean acquire(Duration lease);

	/**
	 * Give the lock back, so that another instance need not wait for its end.
	 */
	void release();

	/**
	 * What an instance sees that does not hold the lock.
	 *
	 * @param free whether this instance may acquire the lock
	 * @param paused whether an operator has paused the application's sending
	 * @since 0.1
	 */
	record Look(boolean free, boolean paused) {

	}

}
