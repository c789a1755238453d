package dev.outbox.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import dev.outbox.store.OutboxRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A connection that is lost in the middle of a statement. Each statement is held up by a
 * lock on the tables, and killed while it waits.
 */
interface LostConnectionContract extends OnDatabase {

	/**
	 * The statement after which other sessions can neither read nor write these tables.
	 * @param tables the names of the tables
	 * @return the statement
	 */
	String lock(List<String> tables);

	/**
	 * The statement that ends such a lock.
	 * @return the statement
	 */
	String unlock();

	/**
	 * The query for the sessions of this database that wait for such a lock.
	 * @return the query
	 */
	String waiting();

	/**
	 * The statement that kills a session.
	 * @param session its number
	 * @return the statement
	 */
	String kill(long session);

	@ParameterizedTest
	@MethodSource("dev.outbox.jdbc.Calls#all")
	default void callFailsInTheWayOfSpringAndTheNextOneWorks(Consumer<TestDatabase> call) throws SQLException {
		OutboxRecord event = TestDatabase.event("42");
		database().insert(event);
		assertThat(lose(() -> call.accept(database()))).isInstanceOfAny(DataAccessException.class,
				TransactionException.class);
		assertThat(database().stored()).containsExactly(event.eventId());
		call.accept(database());
	}

	@Test
	default void transactionThatInsertsFails() throws SQLException {
		OutboxRecord event = TestDatabase.event("42");
		assertThat(lose(() -> database().insert(event))).isInstanceOfAny(DataAccessException.class,
				TransactionException.class);
		assertThat(database().stored()).isEmpty();
		database().insert(event);
		assertThat(database().stored()).containsExactly(event.eventId());
	}

	private Throwable lose(Runnable work) throws SQLException {
		try (Connection holder = database().pool().getConnection(); Statement statement = holder.createStatement()) {
			holder.setAutoCommit(false);
			statement.execute(lock(List.of("outbox", "outbox_attempt", "outbox_parked", "outbox_lock")));
			try {
				CompletableFuture<Void> working = CompletableFuture.runAsync(work);
				List<Long> sessions = Awaitility.await()
					.until(() -> database().sql().queryForList(waiting(), Long.class), (some) -> !some.isEmpty());
				sessions.forEach((session) -> database().sql().execute(kill(session)));
				return failure(working);
			}
			finally {
				statement.execute(unlock());
				holder.rollback();
			}
		}
	}

	private static Throwable failure(CompletableFuture<Void> working) {
		try {
			working.orTimeout(1, TimeUnit.MINUTES).join();
			throw new AssertionError("The call worked without its connection");
		}
		catch (CompletionException ex) {
			return Objects.requireNonNull(ex.getCause());
		}
	}

}
