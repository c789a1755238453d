package dev.outbox.dispatch;

/**
 * A partition of a topic.
 *
 * @param topic the topic
 * @param number its number
 */
record Partition(String topic, int number) {

}
