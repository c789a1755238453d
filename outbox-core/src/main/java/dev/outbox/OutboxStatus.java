package dev.outbox;

import java.time.Duration;

/**
 * The state of the outbox at one moment.
 *
 * @param pending how many events are stored and not yet cleared; counted up to 100,000
 * @param oldestPending how long the oldest of them has been waiting, by the database's
 * clock; zero if there is none
 * @param parked how many events have been taken out of the flow and wait for an operator;
 * counted up to 100,000
 * @since 0.1
 */
public record OutboxStatus(long pending, Duration oldestPending, long parked) {

}
