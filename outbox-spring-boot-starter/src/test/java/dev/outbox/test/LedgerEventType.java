package dev.outbox.test;

import dev.outbox.EventType;

/**
 * The type of the ledger's events, whose topic differs from test to test.
 *
 * @param name the name
 * @param topic the topic
 */
public record LedgerEventType(String name, String topic) implements EventType {

}
