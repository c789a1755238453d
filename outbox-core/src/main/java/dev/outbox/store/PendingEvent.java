package dev.outbox.store;

import java.util.UUID;

/**
 * The place of a stored event in the order of its key.
 *
 * @param id the row's id; ids ascend
 * @param eventId identifies the event
 * @param key the topic and key within which it is ordered
 * @since 0.1
 */
public record PendingEvent(long id, UUID eventId, OrderingKey key) {

}
