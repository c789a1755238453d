package dev.outbox.benchmarks.contestant;

/**
 * A row of the outbox by hand.
 *
 * @param id its id
 * @param key the event's key
 * @param payload the event
 */
record ByHandRow(String id, String key, String payload) {

}
