package dev.outbox.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

import dev.outbox.store.Attempt;
import dev.outbox.store.OutboxRecord;
import dev.outbox.store.StoredEvent;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Who waits for whom: the application and the outbox not for each other, and the outbox
 * for whoever has locked a row.
 */
interface WaitingContract extends OnDatabase {

	@Test
	default void outboxWaitsForNoTransactionThatPublishes() throws Exception {
		database().insert(TestDatabase.events(20));
		List<StoredEvent> events = database().page(20);
		record(events.subList(0, 10));
		try (Connection connection = database().pool().getConnection()) {
			connection.setAutoCommit(false);
			new JdbcOutboxStore(database().outbox(new SingleConnectionDataSource(connection, true), "open"))
				.insert(TestDatabase.events(20));
			Calls.all().forEach((call) -> soon(call.getName(), () -> call.getPayload().accept(database())));
			soon("record attempts", () -> record(events));
			soon("clear one", () -> database().store().clear(ids(events.subList(0, 1))));
			soon("clear some", () -> database().store().clear(ids(events.subList(1, 10))));
			List<UUID> many = new ArrayList<>(TestDatabase.ids(TestDatabase.events(900)));
			many.addAll(ids(events.subList(10, 15)));
			soon("clear many", () -> database().store().clear(many));
			soon("park", () -> database().store().park(events.get(15).event().eventId(), "refused", "E"));
			soon("forget attempts", () -> database().relayStore().forgetAttempts());
			connection.commit();
		}
		assertThat(database().stored()).hasSize(24);
	}

	// In a transaction that stays open, as if each statement took long.
	@Test
	default void transactionThatPublishesWaitsForNothingThatTheOutboxDoes() {
		database().insert(TestDatabase.events(20));
		List<StoredEvent> events = database().page(20);
		record(events);
		TransactionTemplate open = new TransactionTemplate(new JdbcTransactionManager(database().pool()));
		open.setIsolationLevel(TransactionDefinition.ISOLATION_READ_COMMITTED);
		open.executeWithoutResult((status) -> {
			Calls.all().forEach((call) -> call.getPayload().accept(database()));
			database().store().clear(ids(events.subList(0, 15)));
			database().relayStore().forgetAttempts();
			soon("publish", () -> database().insert(TestDatabase.events(200)));
		});
		assertThat(database().stored()).hasSize(205);
	}

	@Test
	default void transactionThatIsIdleElsewhereHidesNothing() throws Exception {
		database().sql().execute("CREATE TABLE elsewhere (id BIGINT)");
		try (Connection connection = database().pool().getConnection(); Statement idle = connection.createStatement()) {
			connection.setAutoCommit(false);
			connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
			idle.executeUpdate("INSERT INTO elsewhere VALUES (1)");
			idle.executeQuery("SELECT * FROM outbox").close();
			List<OutboxRecord> events = TestDatabase.events(20);
			database().insert(events);
			assertThat(database().stored()).isEqualTo(TestDatabase.ids(events));
			assertThat(database().store().clear(TestDatabase.ids(events))).isEqualTo(20);
			assertThat(database().stored()).isEmpty();
			connection.rollback();
		}
	}

	@Test
	default void clearingWaitsForARowThatSomebodyHasLockedAndThenClearsIt() throws Exception {
		OutboxRecord locked = TestDatabase.event("42");
		database().insert(locked, TestDatabase.event("43"));
		try (Connection connection = locked(locked.eventId(), "SELECT * FROM outbox WHERE event_id = ? FOR UPDATE")) {
			Callable<Integer> clearing = () -> database().store().clear(List.of(locked.eventId()));
			Callable<Integer> unlocking = () -> {
				int seen = database().stored().size();
				connection.rollback();
				return seen;
			};
			assertThat(Together.call(List.of(clearing, unlocking))).as("cleared, and seen while locked")
				.containsExactly(1, 2);
		}
		assertThat(database().stored()).hasSize(1);
	}

	@Test
	default void eventThatIsClearedWhileItIsParkedIsNotParked() throws Exception {
		for (int round = 0; round < 10; round++) {
			OutboxRecord event = TestDatabase.event("42");
			database().insert(event);
			try (Connection connection = locked(event.eventId(), "DELETE FROM outbox WHERE event_id = ?")) {
				Callable<Integer> parking = () -> {
					database().store().park(event.eventId(), "refused", "E");
					return 0;
				};
				Callable<Integer> committing = () -> {
					database().stored();
					connection.commit();
					return 0;
				};
				Together.call(List.of(parking, committing));
			}
		}
		assertThat(database().stored()).isEmpty();
		assertThat(database().number("SELECT COUNT(*) FROM outbox_parked")).isZero();
	}

	private Connection locked(UUID eventId, String statement) throws Exception {
		Connection connection = database().pool().getConnection();
		connection.setAutoCommit(false);
		try (PreparedStatement lock = connection.prepareStatement(statement)) {
			lock.setString(1, eventId.toString());
			lock.execute();
		}
		return connection;
	}

	private void record(List<StoredEvent> events) {
		database().relayStore()
			.recordAttempts(events.stream().map((event) -> new Attempt(event.id(), "late")).toList());
	}

	private static List<UUID> ids(List<StoredEvent> events) {
		return events.stream().map((event) -> event.event().eventId()).toList();
	}

	// Sooner than any database gives up to wait for a lock.
	private static void soon(String name, Runnable work) {
		assertThat(CompletableFuture.runAsync(work)).as(name).succeedsWithin(Duration.ofSeconds(20));
	}

}
