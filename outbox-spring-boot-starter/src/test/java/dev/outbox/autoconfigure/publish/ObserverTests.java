package dev.outbox.autoconfigure.publish;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import dev.outbox.Event;
import dev.outbox.OutboxEvent;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.EventListener;
import org.springframework.transaction.event.TransactionalEventListener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * The application can observe what it publishes, by Spring application events.
 */
@Import(ObserverTests.Configuration.class)
class ObserverTests extends AbstractPublishingTests {

	@Autowired
	private Observer observer;

	@BeforeEach
	void observeAnew() {
		this.observer.atOnce.clear();
		this.observer.committed.clear();
		this.observer.failing = false;
	}

	@Test
	void eventOfATransactionIsObservedAtTheCall() {
		inTransaction(() -> {
			UUID eventId = publisher().publishEvent(PurchaseEvents.MADE, "a", new Purchase("a"), Map.of("h", "v"));
			assertThat(this.observer.atOnce).containsExactly(new OutboxEvent.Auto(
					new Event<>(eventId, "MADE", new Purchase("a")), PurchaseEvents.MADE, "a", Map.of("h", "v")));
			assertThat(this.observer.committed).isEmpty();
		});
		assertThat(this.observer.committed).isEqualTo(this.observer.atOnce);
	}

	@Test
	void manualEventIsObserved() {
		UUID eventId = publisher().publishManualEvent(PurchaseEvents.RETURNED, 7, new Purchase("a"));
		assertThat(this.observer.atOnce).containsExactly(new OutboxEvent.Manual(
				new Event<>(eventId, "RETURNED", new Purchase("a")), PurchaseEvents.RETURNED, "7", Map.of()));
		assertThat(this.observer.committed).isEqualTo(this.observer.atOnce);
	}

	@Test
	void rollbackIsObservedToo() {
		inTransactionThatRollsBack(() -> publish("a"));
		assertThat(this.observer.atOnce).hasSize(1);
		assertThat(this.observer.committed).isEmpty();
	}

	@Test
	void manualEventIsCommittedForItsObserversBeforeTheTransactionAroundIt() {
		inTransactionThatRollsBack(() -> {
			publishManually("a");
			assertThat(this.observer.committed).hasSize(1);
		});
		assertThat(this.observer.committed).hasSize(1);
	}

	@Test
	void observerThatFailsFailsTheCallerAndItsTransaction() {
		this.observer.failing = true;
		assertThatIllegalStateException().isThrownBy(() -> inTransaction(() -> publish("a")));
		assertThatIllegalStateException().isThrownBy(() -> publishManually("b"));
		assertNothingIsPublished();
	}

	@Test
	void observerThatFailsTakesItsEventBackAlsoIfTheCallerGoesOn() {
		inTransaction(() -> {
			publish("a");
			this.observer.failing = true;
			assertThatIllegalStateException().isThrownBy(() -> publish("b"));
			this.observer.failing = false;
			publish("c");
		});
		assertPublished("a", "c");
	}

	static class Observer {

		private final List<OutboxEvent> atOnce = new ArrayList<>();

		private final List<OutboxEvent> committed = new ArrayList<>();

		private boolean failing;

		@EventListener
		void atOnce(OutboxEvent event) {
			if (this.failing) {
				throw new IllegalStateException("The observer fails");
			}
			this.atOnce.add(event);
		}

		@TransactionalEventListener
		void committed(OutboxEvent event) {
			this.committed.add(event);
		}

	}

	@TestConfiguration(proxyBeanMethods = false)
	static class Configuration {

		@Bean
		Observer observer() {
			return new Observer();
		}

	}

}
