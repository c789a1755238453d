package example.shop.notification;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;

/**
 * Remembers that the customer of an order has been told.
 */
@Entity
class Notification {

	@Id
	private long orderId;

	protected Notification() {
	}

	Notification(long orderId) {
		this.orderId = orderId;
	}

	long getOrderId() {
		return this.orderId;
	}

}
