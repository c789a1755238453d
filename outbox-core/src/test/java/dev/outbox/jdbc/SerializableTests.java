package dev.outbox.jdbc;

import java.util.List;
import java.util.UUID;

import com.zaxxer.hikari.HikariDataSource;
import dev.outbox.store.OrderingKey;
import dev.outbox.store.PendingQuery;
import dev.outbox.testsupport.PostgresServer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * PostgreSQL at SERIALIZABLE: of transactions that depend on each other in a circle it
 * breaks one, which may be the application's. The outbox's own take no part in that.
 */
class SerializableTests {

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void whatTheOutboxReadsAndDeletesIsNotWeighedAgainstTransactionsOfTheApplication(boolean autoCommit) {
		try (TestDatabase database = new TestDatabase(PostgresServer.shared().createDatabase());
				HikariDataSource pool = database.pool((config) -> {
					config.setTransactionIsolation("TRANSACTION_SERIALIZABLE");
					config.setAutoCommit(autoCommit);
				})) {
			database.insert(TestDatabase.event("a"));
			OutboxJdbc outbox = database.outbox(pool, "one");
			JdbcOutboxStore store = new JdbcOutboxStore(outbox);
			JdbcRelayStore relay = new JdbcRelayStore(outbox);
			new TransactionTemplate(new JdbcTransactionManager(pool)).executeWithoutResult((status) -> {
				// PostgreSQL remembers what others read for as long as this one goes on.
				store.insert(List.of(TestDatabase.event("b")));
				Thread outside = new Thread(() -> {
					store.pending(List.of(new PendingQuery(new OrderingKey("order.created", "a"), 0, 10)));
					relay.look();
					relay.page(0, Long.MAX_VALUE, 10);
					relay.forgetAttempts();
					new JdbcOutboxMonitor(outbox, TestDatabase.health()).status();
					store.clear(List.of(UUID.randomUUID()));
				});
				outside.start();
				join(outside);
				assertThat(database.sql()
					.queryForList(
							"SELECT DISTINCT relation::regclass::text FROM pg_locks WHERE mode = 'SIReadLock' AND database = "
									+ "(SELECT oid FROM pg_database WHERE datname = current_database())",
							String.class))
					.filteredOn((relation) -> relation.startsWith("outbox"))
					.isEmpty();
			});
			assertThat(database.stored()).hasSize(2);
		}
	}

	private static void join(Thread thread) {
		try {
			thread.join();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
