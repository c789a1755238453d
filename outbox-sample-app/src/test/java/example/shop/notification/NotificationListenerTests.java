package example.shop.notification;

import java.util.Optional;
import java.util.UUID;

import dev.outbox.Event;
import example.shop.customer.Customer;
import example.shop.customer.CustomerRepository;
import example.shop.order.event.OrderCompleted;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.willThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoInteractions;

class NotificationListenerTests {

	private final CustomerRepository customers = mock();

	private final NotificationRepository notifications = mock();

	private final MailSender mails = mock();

	private final NotificationListener listener = new NotificationListener(this.customers, this.notifications,
			this.mails);

	private final Event<OrderCompleted> event = new Event<>(UUID.randomUUID(), "ORDER_COMPLETED",
			new OrderCompleted(5, 1));

	@BeforeEach
	void addCustomer() {
		given(this.customers.findById(1L)).willReturn(Optional.of(new Customer(1, "Ada", "ada@shop.example", 0)));
	}

	@Test
	void theCustomerOfACompletedOrderGetsAMail() {
		this.listener.onCompleted(this.event);
		verify(this.mails).send("ada@shop.example", "Your order 5 is on its way");
		verify(this.notifications).save(any());
	}

	@Test
	void aCustomerWhoHasBeenToldIsNotToldAgain() {
		given(this.notifications.existsById(5L)).willReturn(true);
		this.listener.onCompleted(this.event);
		verifyNoInteractions(this.mails);
	}

	@Test
	void aMailThatFailsIsNotTakenForSent() {
		willThrow(new IllegalStateException("down")).given(this.mails).send(any(), any());
		assertThatIllegalStateException().isThrownBy(() -> this.listener.onCompleted(this.event));
		verify(this.notifications, never()).save(any());
	}

}
