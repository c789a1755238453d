package dev.outbox.autoconfigure.publish;

import dev.outbox.EventType;

/**
 * The events of the tests.
 */
enum PurchaseEvents implements EventType {

	MADE, RETURNED;

	@Override
	public String topic() {
		return "purchases";
	}

}
