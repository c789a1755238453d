package dev.outbox.jdbc;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

import dev.outbox.RowFilter;
import dev.outbox.store.Attempt;
import dev.outbox.store.OrderingKey;
import dev.outbox.store.PendingQuery;
import org.junit.jupiter.api.Named;

/**
 * Everything that the outbox does in its database outside of the application's
 * transactions.
 */
final class Calls {

	private Calls() {
	}

	/**
	 * Each call once, about events that are not there.
	 * @return the calls
	 */
	static Stream<Named<Consumer<TestDatabase>>> all() {
		return Stream.of(
				call("pending",
						(database) -> database.store()
							.pending(List.of(new PendingQuery(new OrderingKey(TestDatabase.TOPIC, "42"), 0, 10)))),
				call("pending ids",
						(database) -> database.store().pending(List.of(TestDatabase.event("42").eventId()))),
				call("clear", (database) -> database.store().clear(List.of(TestDatabase.event("42").eventId()))),
				call("park", (database) -> database.store().park(TestDatabase.event("42").eventId(), "refused", "E")),
				call("oldest age", (database) -> database.relayStore().look().oldestAge()),
				call("sizes", (database) -> database.relayStore().sizes(0, 10)),
				call("page", (database) -> database.page(10)),
				call("record attempts",
						(database) -> database.relayStore().recordAttempts(List.of(new Attempt(1, "late")))),
				call("forget attempts", (database) -> database.relayStore().forgetAttempts()),
				call("acquire", (database) -> new JdbcRelayLock(database.outbox()).acquire(Duration.ofMinutes(1))),
				call("release", (database) -> new JdbcRelayLock(database.outbox()).release()),
				call("status", (database) -> new JdbcOutboxMonitor(database.outbox(), TestDatabase.health()).status()),
				call("list pending", (database) -> operations(database).pending(RowFilter.ANY, 0, 10)),
				call("list parked", (database) -> operations(database).parked(RowFilter.ANY, 0, 10)),
				call("list blocked", (database) -> operations(database).blocked(RowFilter.ANY, 0, 10)),
				call("unblock", (database) -> operations(database).unblock(List.of(Long.MAX_VALUE))),
				call("block", (database) -> database.store().block(TestDatabase.event("42").eventId(), "refused", "E")),
				call("redirect", (database) -> database.store().redirect(TestDatabase.event("42"))),
				call("pause", (database) -> operations(database).pause("test")),
				call("paused", (database) -> operations(database).paused()),
				call("resume", (database) -> operations(database).resume()),
				call("look at the lock",
						(database) -> new JdbcRelayLock(database.outbox()).look(Duration.ofMinutes(1))),
				call("resend", (database) -> operations(database).resend(List.of(Long.MAX_VALUE))),
				call("discard", (database) -> operations(database).discard(List.of(Long.MAX_VALUE), "test")));
	}

	private static JdbcOutboxOperations operations(TestDatabase database) {
		return new JdbcOutboxOperations(database.outbox());
	}

	private static Named<Consumer<TestDatabase>> call(String name, Consumer<TestDatabase> call) {
		return Named.of(name, call);
	}

}
