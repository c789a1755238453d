package dev.outbox.autoconfigure.types.more;

import dev.outbox.EventType;

/**
 * Event types in a package below.
 */
enum StockEvents implements EventType {

	EMPTY;

	@Override
	public String topic() {
		return "stock.empty";
	}

}
