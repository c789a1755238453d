package dev.outbox;

import java.time.Duration;

/**
 * An event that cannot be sent and keeps its topic and key waiting, as an operator sees
 * it.
 *
 * @param id the row's id, by which an operator acts upon it
 * @param eventId identifies the event, also to consumers
 * @param eventType the name of its type
 * @param topic the topic it goes to
 * @param partitionKey the key that waits
 * @param age how long ago it was blocked, by the database's clock
 * @param reason why it cannot be sent
 * @param errorClass the simple name of the exception that led to it
 * @param attempts how often it has been sent again
 * @param blockedBy the instance that has found out
 * @since 0.1
 */
public record BlockedRow(long id, String eventId, String eventType, String topic, String partitionKey, Duration age,
		String reason, String errorClass, int attempts, String blockedBy) {

}
