package example.shop.payment;

import dev.outbox.OutboxEventPublisher;
import example.shop.customer.Customer;
import example.shop.customer.CustomerRepository;
import example.shop.payment.event.PaymentCanceled;
import example.shop.payment.event.PaymentEvents;
import example.shop.payment.event.PaymentFailed;
import example.shop.payment.event.PaymentPaid;

import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * Charges customers and gives money back. The first statement of every transaction locks
 * the customer: what is read after it is up to date, also under MySQL's snapshots, and
 * balances stay exact however many instances there are.
 */
@Service
class PaymentService {

	private final CustomerRepository customers;

	private final PaymentRepository payments;

	private final OutboxEventPublisher publisher;

	PaymentService(CustomerRepository customers, PaymentRepository payments, OutboxEventPublisher publisher) {
		this.customers = customers;
		this.payments = payments;
		this.publisher = publisher;
	}

	@Transactional
	void pay(long orderId, long customerId, long amount) {
		Customer customer = this.customers.lock(customerId).orElseThrow();
		if (this.payments.existsByOrderId(orderId)) {
			return;
		}
		if (customer.charge(amount)) {
			this.payments.save(new Payment(orderId, customerId, amount, PaymentStatus.PAID));
			this.publisher.publishEvent(PaymentEvents.PAYMENT_PAID, orderId, new PaymentPaid(orderId, amount));
		}
		else {
			this.payments.save(new Payment(orderId, customerId, amount, PaymentStatus.FAILED));
			this.publisher.publishEvent(PaymentEvents.PAYMENT_FAILED, orderId,
					new PaymentFailed(orderId, "the balance does not suffice"));
		}
	}

	@Transactional
	void cancel(long orderId, long customerId) {
		Customer customer = this.customers.lock(customerId).orElseThrow();
		this.payments.findByOrderId(orderId).filter(Payment::isPaid).ifPresent((payment) -> {
			payment.cancel();
			customer.refund(payment.getAmount());
			this.publisher.publishEvent(PaymentEvents.PAYMENT_CANCELED, orderId,
					new PaymentCanceled(orderId, payment.getAmount()));
		});
	}

}
