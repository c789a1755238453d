package example.shop.order;

import java.util.Optional;

import dev.outbox.OutboxEventPublisher;
import example.shop.customer.CustomerRepository;
import example.shop.order.event.OrderCompleteFailed;
import example.shop.order.event.OrderCompleted;
import example.shop.order.event.OrderCreated;
import example.shop.order.event.OrderEvents;
import example.shop.product.Product;
import example.shop.product.ProductRepository;
import example.shop.web.NotFoundException;

import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * Places orders and ends them. Every method locks the order before it looks at it, and
 * the product after the order, so that a message that arrives twice, or at two instances,
 * changes nothing the second time.
 */
@Service
class OrderService {

	private final OrderRepository orders;

	private final CustomerRepository customers;

	private final ProductRepository products;

	private final OutboxEventPublisher publisher;

	OrderService(OrderRepository orders, CustomerRepository customers, ProductRepository products,
			OutboxEventPublisher publisher) {
		this.orders = orders;
		this.customers = customers;
		this.products = products;
		this.publisher = publisher;
	}

	@Transactional
	Order place(long customerId, long productId, int quantity) {
		if (!this.customers.existsById(customerId)) {
			throw new NotFoundException("customer", customerId);
		}
		Product product = this.products.findById(productId)
			.orElseThrow(() -> new NotFoundException("product", productId));
		long amount = Math.multiplyExact(product.getPrice(), quantity);
		Order order = this.orders.save(new Order(customerId, productId, quantity, amount));
		this.publisher.publishEvent(OrderEvents.ORDER_CREATED, order.getId(),
				new OrderCreated(order.getId(), customerId, amount));
		return order;
	}

	@Transactional
	void complete(long orderId) {
		open(orderId).ifPresent((order) -> {
			if (takeStock(order)) {
				order.end(OrderStatus.COMPLETED);
				this.publisher.publishEvent(OrderEvents.ORDER_COMPLETED, orderId,
						new OrderCompleted(orderId, order.getCustomerId()));
			}
			else {
				order.end(OrderStatus.FAILED);
				this.publisher.publishEvent(OrderEvents.ORDER_COMPLETE_FAILED, orderId,
						new OrderCompleteFailed(orderId, order.getCustomerId(), "out of stock"));
			}
		});
	}

	@Transactional
	void failPayment(long orderId) {
		open(orderId).ifPresent((order) -> order.end(OrderStatus.PAYMENT_FAILED));
	}

	private Optional<Order> open(long orderId) {
		return this.orders.lock(orderId).filter(Order::isOpen);
	}

	private boolean takeStock(Order order) {
		return this.products.lock(order.getProductId())
			.map((product) -> product.take(order.getQuantity()))
			.orElse(false);
	}

}
