package dev.outbox;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * An event that is stored and not yet cleared, as an operator sees it.
 *
 * @param id the row's id, by which an operator acts upon it; the order in which events
 * are sent
 * @param eventId identifies the event, also to consumers; a UUID unless somebody has
 * changed the row
 * @param eventType the name of its type
 * @param topic the topic it goes to
 * @param partitionKey the key that decides its partition
 * @param age how long ago it was stored, by the database's clock
 * @param attempts how often it has been sent again
 * @param lastError what went wrong the last time, or {@code null} if nothing did
 * @since 0.1
 */
public record PendingRow(long id, String eventId, String eventType, String topic, String partitionKey, Duration age,
		int attempts, @Nullable String lastError) {

}
