package dev.outbox.debezium;

import dev.outbox.EventType;

/**
 * Events of two topics.
 */
enum ShopEvents implements EventType {

	ORDER_CREATED("order.created"), PAYMENT_PAID("payment.paid");

	private final String topic;

	ShopEvents(String topic) {
		this.topic = topic;
	}

	@Override
	public String topic() {
		return this.topic;
	}

}
