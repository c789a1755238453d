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
	 * Acquire the lock, or prolong it.
	 * @param lease how long it is held from now on, by the database's clock
	 * @return whether this instance holds it
	 */
	boolean acquire(Duration lease);

	/**
	 * Give the lock back, so that another instance need not wait for its end.
	 */
	void release();

}
