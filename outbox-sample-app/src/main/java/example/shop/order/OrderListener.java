package example.shop.order;

import dev.outbox.Event;
import example.shop.payment.event.PaymentFailed;
import example.shop.payment.event.PaymentPaid;

import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.stereotype.Component;

/**
 * Ends orders by what payments answer.
 */
@Component
class OrderListener {

	private final OrderService orders;

	OrderListener(OrderService orders) {
		this.orders = orders;
	}

	@KafkaListener(topics = "payment.paid", groupId = "order-payment-paid")
	void onPaid(Event<PaymentPaid> event) {
		this.orders.complete(event.payload().orderId());
	}

	@KafkaListener(topics = "payment.failed", groupId = "order-payment-failed")
	void onFailed(Event<PaymentFailed> event) {
		this.orders.failPayment(event.payload().orderId());
	}

}
