package dev.outbox.jdbc;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import dev.outbox.OutboxStatus;
import dev.outbox.store.OutboxRecord;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What {@link JdbcOutboxMonitor} tells.
 */
interface MonitorContract extends OnDatabase {

	@Test
	default void nothingIsPendingAtFirst() {
		assertThat(new JdbcOutboxMonitor(database().outbox()).status())
			.isEqualTo(new OutboxStatus(0, Duration.ZERO, 0));
	}

	@Test
	default void pendingAndParkedEventsAreCounted() {
		List<OutboxRecord> events = TestDatabase.events(30);
		database().insert(events);
		database().store().park(events.get(3).eventId(), "refused", "E");
		Instant before = Instant.now().minusSeconds(90);
		database().sql().update("UPDATE outbox SET created_at = " + database().literal(before));
		OutboxStatus status = new JdbcOutboxMonitor(database().outbox()).status();
		assertThat(status.pending()).isEqualTo(29);
		assertThat(status.parked()).isOne();
		assertThat(status.oldestPending()).isBetween(Duration.ofSeconds(90), Duration.ofSeconds(150));
	}

}
