package dev.outbox.store;

import java.time.Duration;

/**
 * A pending event whole, with what is known of earlier attempts to resend it. Times are
 * spans measured by the database's clock.
 *
 * @param id the row's id
 * @param event the event
 * @param age how long ago it was stored
 * @param attempts how often it has been resent
 * @param sinceAttempt how long ago it was resent last; zero if never
 * @param blocked whether it waits until an operator decides about it
 * @since 0.1
 */
public record StoredEvent(long id, OutboxRecord event, Duration age, int attempts, Duration sinceAttempt,
		boolean blocked) {

}
