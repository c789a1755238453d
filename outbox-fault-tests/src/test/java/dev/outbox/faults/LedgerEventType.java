package dev.outbox.faults;

import dev.outbox.EventType;

/**
 * The type of the ledger's events under a fault.
 *
 * @param name the fault
 * @param topic the topic
 */
record LedgerEventType(String name, String topic) implements EventType {

	static LedgerEventType of(String prefix, String fault) {
		return new LedgerEventType(fault, prefix + "." + fault);
	}

	String property() {
		return "outbox.event-types[%s]=%s".formatted(this.name, this.topic);
	}

}
