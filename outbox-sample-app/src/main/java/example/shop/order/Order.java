package example.shop.order;

import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/**
 * An order. It leaves {@link OrderStatus#CREATED} once, by the first answer to its
 * payment.
 */
@Entity
@Table(name = "orders")
class Order {

	@Id
	@GeneratedValue(strategy = GenerationType.IDENTITY)
	private long id;

	private long customerId;

	private long productId;

	private int quantity;

	private long amount;

	@Enumerated(EnumType.STRING)
	private OrderStatus status = OrderStatus.CREATED;

	protected Order() {
	}

	Order(long customerId, long productId, int quantity, long amount) {
		this.customerId = customerId;
		this.productId = productId;
		this.quantity = quantity;
		this.amount = amount;
	}

	boolean isOpen() {
		return this.status == OrderStatus.CREATED;
	}

	void end(OrderStatus status) {
		if (!isOpen()) {
			throw new IllegalStateException("Order %d is %s already".formatted(this.id, this.status));
		}
		this.status = status;
	}

	long getId() {
		return this.id;
	}

	long getCustomerId() {
		return this.customerId;
	}

	long getProductId() {
		return this.productId;
	}

	int getQuantity() {
		return this.quantity;
	}

	long getAmount() {
		return this.amount;
	}

	OrderStatus getStatus() {
		return this.status;
	}

}
