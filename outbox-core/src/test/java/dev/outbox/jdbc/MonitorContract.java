package dev.outbox.jdbc;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

import dev.outbox.OutboxStatus;
import dev.outbox.OutboxTrouble;
import dev.outbox.OutboxTrouble.Kind;
import dev.outbox.health.InstanceHealth;
import dev.outbox.store.Attempt;
import dev.outbox.store.OutboxRecord;
import dev.outbox.store.StoredEvent;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What {@link JdbcOutboxMonitor} tells.
 */
interface MonitorContract extends OnDatabase {

	@Test
	default void nothingIsPendingAtFirst() {
		assertThat(database().monitor().status()).isEqualTo(
				new OutboxStatus(0, Duration.ZERO, 0, 0, Optional.empty(), new OutboxStatus.Skipped(0, 0), List.of()));
	}

	@Test
	default void pendingAndParkedEventsAreCounted() {
		List<OutboxRecord> events = TestDatabase.events(30);
		database().insert(events);
		database().store().park(events.get(3).eventId(), "refused", "E");
		Instant before = Instant.now().minusSeconds(90);
		database().sql().update("UPDATE outbox SET created_at = " + database().literal(before));
		OutboxStatus status = database().monitor().status();
		assertThat(status.pending()).isEqualTo(29);
		assertThat(status.parked()).isOne();
		assertThat(status.oldestPending()).isBetween(Duration.ofSeconds(90), Duration.ofSeconds(150));
	}

	@Test
	default void blockedEventsAreCountedAsLongAsTheyArePending() {
		List<OutboxRecord> events = TestDatabase.events(30);
		database().insert(events);
		List<Attempt> attempts = database().page(30)
			.stream()
			.map(StoredEvent::id)
			.map((id) -> new Attempt(id, "late"))
			.toList();
		database().relayStore().recordAttempts(attempts);
		for (OutboxRecord event : events.subList(10, 13)) {
			database().store().block(event.eventId(), "refused", "E");
		}
		assertThat(database().monitor().status().blocked()).isEqualTo(3);
		database().store().clear(List.of(events.get(11).eventId()));
		assertThat(database().monitor().status().blocked()).isEqualTo(2);
		new JdbcOutboxOperations(database().outbox()).unblock(List.of(attempts.get(10).id()));
		assertThat(database().monitor().status().blocked()).isOne();
	}

	@Test
	default void pauseIsToldWithItsLength() {
		JdbcOutboxOperations operations = new JdbcOutboxOperations(database().outbox());
		operations.pause("test");
		assertThat(database().monitor().status().paused())
			.hasValueSatisfying((length) -> assertThat(length).isBetween(Duration.ZERO, Duration.ofMinutes(1)));
		database().sql()
			.update("UPDATE outbox_lock SET locked_until = " + database().literal(Instant.now().minusSeconds(90))
					+ " WHERE lock_name = 'paused'");
		assertThat(database().monitor().status().paused()).hasValueSatisfying(
				(length) -> assertThat(length).isBetween(Duration.ofSeconds(90), Duration.ofSeconds(150)));
		operations.resume();
		assertThat(database().monitor().status().paused()).isEmpty();
	}

	@Test
	default void troubleWithEventsIsToldAsLongAsAnyIsPending() {
		InstanceHealth health = TestDatabase.health();
		health.report(Kind.TOPIC, "a", "missing");
		health.report(Kind.IDENTITY, null, "shared");
		health.skipped(7, 2);
		JdbcOutboxMonitor monitor = new JdbcOutboxMonitor(database().outbox(), health);
		assertThat(monitor.status().troubles()).map(OutboxTrouble::kind).containsExactly(Kind.IDENTITY);
		database().insert(TestDatabase.event("key"));
		OutboxStatus status = monitor.status();
		assertThat(status.troubles()).map(OutboxTrouble::kind).containsExactlyInAnyOrder(Kind.TOPIC, Kind.IDENTITY);
		assertThat(status.skipped()).isEqualTo(new OutboxStatus.Skipped(7, 2));
	}

}
