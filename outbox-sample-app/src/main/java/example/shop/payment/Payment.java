package example.shop.payment;

import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;

/**
 * The one payment of an order.
 */
@Entity
class Payment {

	@Id
	@GeneratedValue(strategy = GenerationType.IDENTITY)
	private long id;

	private long orderId;

	private long customerId;

	private long amount;

	@Enumerated(EnumType.STRING)
	private PaymentStatus status = PaymentStatus.FAILED;

	protected Payment() {
	}

	Payment(long orderId, long customerId, long amount, PaymentStatus status) {
		this.orderId = orderId;
		this.customerId = customerId;
		this.amount = amount;
		this.status = status;
	}

	boolean isPaid() {
		return this.status == PaymentStatus.PAID;
	}

	void cancel() {
		this.status = PaymentStatus.CANCELED;
	}

	long getId() {
		return this.id;
	}

	long getOrderId() {
		return this.orderId;
	}

	long getCustomerId() {
		return this.customerId;
	}

	long getAmount() {
		return this.amount;
	}

	PaymentStatus getStatus() {
		return this.status;
	}

}
