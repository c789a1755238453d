package dev.outbox;

import java.time.Duration;

/**
 * An event that was taken out of the flow because it cannot be sent, as an operator sees
 * it.
 *
 * @param id the row's id, by which an operator acts upon it
 * @param eventId identifies the event, also to consumers; a UUID unless somebody has
 * changed the row
 * @param eventType the name of its type
 * @param topic the topic it was to go to
 * @param partitionKey the key that decides its partition
 * @param age how long ago it was parked, by the database's clock
 * @param reason why it was parked
 * @param errorClass the simple name of the exception that led to it
 * @param attempts how often it had been sent again
 * @param parkedBy the instance that parked it
 * @since 0.1
 */
public record ParkedRow(long id, String eventId, String eventType, String topic, String partitionKey, Duration age,
		String reason, String errorClass, int attempts, String parkedBy) {

}
