package dev.outbox.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.UUID;

import dev.outbox.OutboxEventPublisher;
import dev.outbox.OutboxMonitor;
import dev.outbox.OutboxOperations;
import dev.outbox.OutboxStatus;
import dev.outbox.RowFilter;
import dev.outbox.publish.EventTypes;
import dev.outbox.relay.RelayLock;
import dev.outbox.store.Attempt;
import dev.outbox.store.OrderingKey;
import dev.outbox.store.OutboxStore;
import dev.outbox.store.PendingQuery;
import dev.outbox.store.RelayStore;

import org.springframework.boot.test.context.assertj.AssertableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs all statements of the outbox, in an application that declares type {@code MADE}
 * with topic {@code purchases}.
 */
final class Everything {

	private Everything() {
	}

	// One event stays pending, one parked.
	static void use(AssertableApplicationContext context) {
		OutboxStore store = context.getBean(OutboxStore.class);
		RelayStore relay = context.getBean(RelayStore.class);
		RelayLock lock = context.getBean(RelayLock.class);
		UUID cleared = publish(context);
		UUID parked = publish(context);
		UUID stays = publish(context);
		assertThat(store.pending(List.of(new PendingQuery(new OrderingKey("purchases", "a"), 0, 10)))).hasSize(3);
		assertThat(store.pending(List.of(cleared, parked, stays))).hasSize(3);
		assertThat(relay.look().oldestAge()).isPresent();
		List<Attempt> attempts = relay.page(0, Long.MAX_VALUE, 10)
			.stream()
			.map((event) -> new Attempt(event.id(), null))
			.toList();
		relay.recordAttempts(attempts);
		relay.recordAttempts(attempts.stream().map((attempt) -> new Attempt(attempt.id(), "late")).toList());
		assertThat(relay.page(0, Long.MAX_VALUE, 10)).hasSize(3)
			.allSatisfy((event) -> assertThat(event.attempts()).isEqualTo(2));
		assertThat(store.clear(List.of(cleared))).isOne();
		store.park(parked, "too large", "RecordTooLargeException");
		OutboxOperations operations = context.getBean(OutboxOperations.class);
		assertThat(operations.resend(List.of(operations.parked(RowFilter.ANY, 0, 10).get(0).id())).done()).isOne();
		store.park(parked, "too large", "RecordTooLargeException");
		UUID discarded = publish(context);
		long id = operations.pending(RowFilter.ANY.withEventId(discarded), 0, 10).get(0).id();
		assertThat(operations.discard(List.of(id), "test").done()).isOne();
		relay.forgetAttempts();
		store.block(stays, "too large", "RecordTooLargeException");
		assertThat(operations.unblock(List.of(operations.blocked(RowFilter.ANY, 0, 10).get(0).id())).done()).isOne();
		assertThat(operations.pause("test").done()).isOne();
		assertThat(lock.look(Duration.ofSeconds(10))).isEqualTo(new RelayLock.Look(true, true));
		assertThat(operations.resume().done()).isOne();
		assertThat(lock.acquire(Duration.ofSeconds(10))).isTrue();
		lock.release();
		assertPendingAndParked(context, 1, 1);
	}

	static UUID publish(AssertableApplicationContext context) {
		return context.getBean(OutboxEventPublisher.class)
			.publishManualEvent(context.getBean(EventTypes.class).get("MADE"), "a", null);
	}

	static void assertPendingAndParked(AssertableApplicationContext context, long pending, long parked) {
		OutboxStatus status = context.getBean(OutboxMonitor.class).status();
		assertThat(status.pending()).isEqualTo(pending);
		assertThat(status.parked()).isEqualTo(parked);
	}

}
