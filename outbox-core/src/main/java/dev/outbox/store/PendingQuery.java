package dev.outbox.store;

/**
 * Asks for the first pending events of one key.
 *
 * @param key the topic and key
 * @param after only events with a higher id are wanted
 * @param limit how many, at most
 * @since 0.1
 */
public record PendingQuery(OrderingKey key, long after, int limit) {

}
