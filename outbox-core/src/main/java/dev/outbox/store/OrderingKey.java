package dev.outbox.store;

/**
 * What events must have in common to be kept in order.
 *
 * @param topic the topic
 * @param partitionKey the partition key
 * @since 0.1
 */
public record OrderingKey(String topic, String partitionKey) {

}
