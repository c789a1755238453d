package example.shop.notification;

import dev.outbox.Event;
import example.shop.customer.Customer;
import example.shop.customer.CustomerRepository;
import example.shop.order.event.OrderCompleted;

import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.stereotype.Component;

/**
 * Tells customers that their orders are complete. It has a group and threads of its own,
 * takes one event at a time and holds no transaction while it sends: however slow the
 * mails, only mails wait for them.
 */
@Component
class NotificationListener {

	private final CustomerRepository customers;

	private final NotificationRepository notifications;

	private final MailSender mails;

	NotificationListener(CustomerRepository customers, NotificationRepository notifications, MailSender mails) {
		this.customers = customers;
		this.notifications = notifications;
		this.mails = mails;
	}

	@KafkaListener(topics = "order.completed", groupId = "notification-order-completed", concurrency = "3",
			properties = "max.poll.records=1")
	void onCompleted(Event<OrderCompleted> event) {
		long orderId = event.payload().orderId();
		if (this.notifications.existsById(orderId)) {
			return;
		}
		Customer customer = this.customers.findById(event.payload().customerId()).orElseThrow();
		this.mails.send(customer.getEmail(), "Your order %d is on its way".formatted(orderId));
		this.notifications.save(new Notification(orderId));
	}

}
