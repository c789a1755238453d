package example.shop.payment.event;

import dev.outbox.EventType;

/**
 * The events of payments. Their key is the order's id.
 */
public enum PaymentEvents implements EventType {

	/**
	 * The customer has paid: {@link PaymentPaid}.
	 */
	PAYMENT_PAID("payment.paid"),

	/**
	 * The customer could not pay: {@link PaymentFailed}.
	 */
	PAYMENT_FAILED("payment.failed"),

	/**
	 * The customer has the money back: {@link PaymentCanceled}.
	 */
	PAYMENT_CANCELED("payment.canceled");

	private final String topic;

	PaymentEvents(String topic) {
		this.topic = topic;
	}

	@Override
	public String topic() {
		return this.topic;
	}

}
