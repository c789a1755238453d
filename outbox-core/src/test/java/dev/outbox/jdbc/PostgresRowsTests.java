package dev.outbox.jdbc;

import java.time.Duration;
import java.util.List;

import dev.outbox.store.Attempt;
import dev.outbox.store.OutboxRecord;
import dev.outbox.testsupport.PostgresServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What rows that live for milliseconds leave behind in PostgreSQL.
 */
class PostgresRowsTests {

	private final TestDatabase database = new TestDatabase(PostgresServer.shared().createDatabase());

	@AfterEach
	void close() {
		this.database.close();
	}

	@Test
	void eventIsWrittenOnceAndDeletedOnceWhateverBecomesOfIt() {
		List<OutboxRecord> events = TestDatabase.events(30);
		this.database.insert(events);
		for (String error : List.of("late", "later")) {
			List<Attempt> attempts = this.database.page(30)
				.stream()
				.map((event) -> new Attempt(event.id(), error))
				.toList();
			this.database.relayStore().recordAttempts(attempts);
		}
		this.database.store().park(events.get(0).eventId(), "refused", "E");
		this.database.store().clear(TestDatabase.ids(events));
		this.database.relayStore().forgetAttempts();
		// Sessions tell their numbers when they are idle, a little later.
		await().atMost(Duration.ofMinutes(1)).until(() -> changes("n_tup_del") == 30);
		assertThat(changes("n_tup_ins")).isEqualTo(30);
		assertThat(changes("n_tup_upd")).isZero();
	}

	@Test
	void deadRowsAreRemovedByTheirNumberAndNotByAShareOfTheTable() {
		assertThat(this.database.sql()
			.queryForObject("SELECT array_to_string(reloptions, ' ') FROM pg_class WHERE oid = 'outbox'::regclass",
					String.class))
			.contains("autovacuum_vacuum_scale_factor=0 ", "autovacuum_vacuum_threshold=5000");
	}

	private long changes(String counter) {
		return this.database.number("SELECT %s FROM pg_stat_user_tables WHERE relname = 'outbox'".formatted(counter));
	}

}
