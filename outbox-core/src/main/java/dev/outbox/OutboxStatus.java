package dev.outbox;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The state of the outbox at one moment. What is counted and how long it waits is that of
 * the whole application; what was skipped, and the troubles, are as the instance that is
 * asked sees them.
 *
 * @param pending how many events are stored and not yet cleared; counted up to 100,000
 * @param oldestPending how long the oldest of them has been waiting, by the database's
 * clock; zero if there is none
 * @param parked how many events have been taken out of the flow and wait for an operator;
 * counted up to 100,000
 * @param blocked how many of the pending events cannot be sent and keep their keys
 * waiting for an operator; counted among the 100,000 oldest that were sent in vain or
 * again
 * @param paused for how long sending has been paused, by the database's clock; empty if
 * it is not
 * @param skipped what was passed over when events were read back
 * @param troubles what keeps events from being sent or confirmed; the longest first
 * @since 0.1
 */
public record OutboxStatus(long pending, Duration oldestPending, long parked, long blocked, Optional<Duration> paused,
		Skipped skipped, List<OutboxTrouble> troubles) {

	/**
	 * Records that this instance has passed over since its start when it read events
	 * back.
	 *
	 * @param foreign how many were of somebody else, or no events at all; any number is
	 * normal where others write to the same topics
	 * @param malformed how many bore the name of this outbox, but no event's id
	 * @since 0.1
	 */
	public record Skipped(long foreign, long malformed) {

	}

}
