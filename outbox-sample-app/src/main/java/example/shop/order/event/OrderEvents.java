package example.shop.order.event;

import dev.outbox.EventType;

/**
 * The events of orders. Their key is the order's id.
 */
public enum OrderEvents implements EventType {

	/**
	 * A customer wants to buy: {@link OrderCreated}.
	 */
	ORDER_CREATED("order.created"),

	/**
	 * The order is paid and its products are taken from the stock:
	 * {@link OrderCompleted}.
	 */
	ORDER_COMPLETED("order.completed"),

	/**
	 * The order was paid, but the stock did not suffice: {@link OrderCompleteFailed}.
	 */
	ORDER_COMPLETE_FAILED("order.complete-failed");

	private final String topic;

	OrderEvents(String topic) {
		this.topic = topic;
	}

	@Override
	public String topic() {
		return this.topic;
	}

}
