package dev.outbox.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import dev.outbox.RowFilter;
import dev.outbox.store.Attempt;
import dev.outbox.store.OrderingKey;
import dev.outbox.store.OutboxRecord;
import dev.outbox.store.PendingQuery;
import dev.outbox.store.StoredEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whatever isolation level and commit mode the application's connections have, and
 * whatever language the JVM.
 */
interface PoolContract extends OnDatabase {

	@ParameterizedTest
	@CsvSource({ "TRANSACTION_READ_COMMITTED, true", "TRANSACTION_READ_COMMITTED, false",
			"TRANSACTION_REPEATABLE_READ, true", "TRANSACTION_REPEATABLE_READ, false", "TRANSACTION_SERIALIZABLE, true",
			"TRANSACTION_SERIALIZABLE, false" })
	default void everythingWorksOnSuchAPool(String level, boolean autoCommit) throws SQLException {
		try (HikariDataSource pool = database().pool((config) -> {
			config.setTransactionIsolation(level);
			config.setAutoCommit(autoCommit);
		})) {
			int isolation = isolation(pool);
			everythingWorks(pool);
			assertThat(isolation(pool)).as("connections are given back as they were").isEqualTo(isolation);
		}
	}

	// Not every pool ends the transaction of a connection that comes back.
	@ParameterizedTest
	@ValueSource(ints = { Connection.TRANSACTION_READ_COMMITTED, Connection.TRANSACTION_REPEATABLE_READ,
			Connection.TRANSACTION_SERIALIZABLE })
	default void everythingWorksOnAPoolThatLeavesTransactionsOpen(int level) throws SQLException {
		try (Connection connection = database().pool().getConnection()) {
			connection.setAutoCommit(false);
			connection.setTransactionIsolation(level);
			everythingWorks(new SingleConnectionDataSource(connection, true));
		}
	}

	@Test
	default void everythingWorksInALanguageWithDigitsOfItsOwn() {
		Locale before = Locale.getDefault();
		Locale.setDefault(Locale.forLanguageTag("ar-EG"));
		try {
			everythingWorks(database().pool());
		}
		finally {
			Locale.setDefault(before);
		}
	}

	@Test
	default void twentyPublishersShareTwoConnections() throws Exception {
		try (HikariDataSource pool = database().pool((config) -> config.setMaximumPoolSize(2))) {
			JdbcOutboxStore store = new JdbcOutboxStore(database().outbox(pool, "two"));
			TransactionTemplate transaction = new TransactionTemplate(new JdbcTransactionManager(pool));
			Runnable publisher = () -> {
				for (int i = 0; i < 10; i++) {
					List<OutboxRecord> events = TestDatabase.events(3);
					transaction.executeWithoutResult((status) -> store.insert(events));
					List<UUID> ids = TestDatabase.ids(events);
					assertThat(store.pending(ids)).hasSize(3);
					assertThat(store.clear(ids.subList(0, 2))).isEqualTo(2);
				}
			};
			Together.run(Collections.nCopies(20, publisher).toArray(Runnable[]::new));
			assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
		}
		assertThat(database().stored()).hasSize(200);
	}

	/**
	 * Use everything that the outbox does in its database.
	 * @param dataSource the connections
	 */
	default void everythingWorks(DataSource dataSource) {
		OutboxJdbc outbox = database().outbox(dataSource, "two");
		JdbcOutboxStore store = new JdbcOutboxStore(outbox);
		JdbcRelayStore relay = new JdbcRelayStore(outbox);
		JdbcRelayLock lock = new JdbcRelayLock(outbox);
		JdbcOutboxMonitor monitor = new JdbcOutboxMonitor(outbox, TestDatabase.health());
		List<PendingQuery> query = List.of(new PendingQuery(new OrderingKey(TestDatabase.TOPIC, "42"), 0, 10));

		assertThat(store.pending(query)).isEmpty();
		assertThat(store.pending(List.of(UUID.randomUUID()))).isEmpty();
		assertThat(relay.page(0, Long.MAX_VALUE, 10)).isEmpty();
		assertThat(relay.look().oldestAge()).isEmpty();
		assertThat(monitor.status().pending()).isZero();

		OutboxRecord others = TestDatabase.event("42");
		database().insert(others);
		assertThat(store.pending(query)).as("committed by another since").hasSize(1);
		assertThat(store.pending(List.of(others.eventId()))).hasSize(1);
		assertThat(relay.page(0, Long.MAX_VALUE, 10)).hasSize(1);
		assertThat(relay.look().oldestAge()).isPresent();
		assertThat(monitor.status().pending()).isOne();

		OutboxRecord own = TestDatabase.event("42");
		new TransactionTemplate(new JdbcTransactionManager(dataSource)).executeWithoutResult((status) -> {
			store.insert(List.of(own));
			assertThat(monitor.status().pending()).as("asked in the transaction").isEqualTo(2);
			status.setRollbackOnly();
		});
		assertThat(database().stored()).as("asking has not committed it").containsExactly(others.eventId());
		new TransactionTemplate(new JdbcTransactionManager(dataSource))
			.executeWithoutResult((status) -> store.insert(List.of(own)));
		assertThat(database().stored()).containsExactly(others.eventId(), own.eventId());

		relay.recordAttempts(List.of(new Attempt(relay.page(0, Long.MAX_VALUE, 1).get(0).id(), null)));
		assertThat(database().page(10)).map(StoredEvent::attempts).containsExactly(1, 0);
		assertThat(lock.acquire(Duration.ofMinutes(1))).isTrue();
		assertThat(new JdbcRelayLock(database().outbox()).acquire(Duration.ofMinutes(1))).isFalse();
		lock.release();
		assertThat(new JdbcRelayLock(database().outbox()).acquire(Duration.ofMinutes(1))).isTrue();
		assertThat(lock.acquire(Duration.ofMinutes(1))).isFalse();
		store.park(own.eventId(), "refused", "E");
		JdbcOutboxOperations operations = new JdbcOutboxOperations(outbox);
		assertThat(operations.resend(List.of(operations.parked(RowFilter.ANY, 0, 1).get(0).id())).done()).isOne();
		assertThat(database().stored()).containsExactly(others.eventId(), own.eventId());
		assertThat(operations.discard(List.of(operations.pending(RowFilter.ANY, 0, 2).get(1).id()), "test").done())
			.isOne();
		assertThat(store.clear(List.of(others.eventId()))).isOne();
		assertThat(database().stored()).isEmpty();
		relay.forgetAttempts();
		assertThat(database().number("SELECT COUNT(*) FROM outbox_attempt")).isZero();
	}

	private static int isolation(DataSource dataSource) throws SQLException {
		try (Connection connection = dataSource.getConnection()) {
			return connection.getTransactionIsolation();
		}
	}

}
