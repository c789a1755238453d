package example.shop.payment;

import dev.outbox.Event;
import example.shop.order.event.OrderCompleteFailed;
import example.shop.order.event.OrderCreated;

import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.stereotype.Component;

/**
 * Pays orders when they are created, and gives the money back when they fail.
 */
@Component
class PaymentListener {

	private final PaymentService payments;

	PaymentListener(PaymentService payments) {
		this.payments = payments;
	}

	@KafkaListener(topics = "order.created", groupId = "payment-order-created")
	void onCreated(Event<OrderCreated> event) {
		OrderCreated order = event.payload();
		this.payments.pay(order.orderId(), order.customerId(), order.amount());
	}

	@KafkaListener(topics = "order.complete-failed", groupId = "payment-order-complete-failed")
	void onCompleteFailed(Event<OrderCompleteFailed> event) {
		OrderCompleteFailed order = event.payload();
		this.payments.cancel(order.orderId(), order.customerId());
	}

}
