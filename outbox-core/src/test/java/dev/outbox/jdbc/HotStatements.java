package dev.outbox.jdbc;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import javax.sql.DataSource;

import dev.outbox.store.Attempt;
import dev.outbox.store.OrderingKey;
import dev.outbox.store.OutboxRecord;
import dev.outbox.store.PendingQuery;
import dev.outbox.store.StoredEvent;

/**
 * The statements whose cost must not grow with the number of pending rows. They expect
 * keys from 0 to 999, and leave the rows as they are.
 */
final class HotStatements {

	static final int KEYS = 1000;

	private final JdbcOutboxStore store;

	private final JdbcRelayStore relayStore;

	HotStatements(DataSource dataSource, SqlDialect dialect) {
		OutboxJdbc outbox = new OutboxJdbc(dataSource, dialect, "me");
		this.store = new JdbcOutboxStore(outbox);
		this.relayStore = new JdbcRelayStore(outbox);
	}

	/**
	 * The statements, first without attempts and then with them.
	 * @return the statements in their order
	 */
	List<HotStatement> all() {
		return List.of(new HotStatement("insert and clear", 1, this::insertAndClear),
				new HotStatement("pending of one key", 2, () -> this.store.pending(queries(1))),
				new HotStatement("pending of many keys", 128, () -> this.store.pending(queries(64))),
				new HotStatement("pending of a key without rows", 0,
						() -> this.store.pending(List.of(query("none", 0)))),
				new HotStatement("pending after the last", 0,
						() -> this.store.pending(List.of(query("7", Long.MAX_VALUE)))),
				new HotStatement("pending of one id", 1, () -> this.store.pending(ids(1))),
				new HotStatement("pending of many ids", 1000, () -> this.store.pending(ids(1000))),
				new HotStatement("clear one", 1, () -> this.store.clear(ids(1))),
				new HotStatement("clear many", 1000, () -> this.store.clear(ids(1000))),
				new HotStatement("park", 1, () -> this.store.park(UUID.randomUUID(), "refused", "E")),
				new HotStatement("oldest", 1, this.relayStore::look),
				new HotStatement("sizes", 500, () -> this.relayStore.sizes(0, 500)),
				new HotStatement("page", 100, () -> this.relayStore.page(0, Long.MAX_VALUE, 100)),
				new HotStatement("page in the middle", 101, this::pageInTheMiddle),
				new HotStatement("record attempts", 200, this::recordAttempts),
				new HotStatement("page with attempts", 100, () -> this.relayStore.page(0, Long.MAX_VALUE, 100)));
	}

	private void insertAndClear() {
		OutboxRecord event = new OutboxRecord(UUID.randomUUID(), "X", "topic", "1", "x", Map.of());
		this.store.insert(List.of(event));
		this.store.clear(List.of(event.eventId()));
	}

	private void pageInTheMiddle() {
		List<StoredEvent> page = this.relayStore.page(0, Long.MAX_VALUE, 1);
		this.relayStore.page(page.isEmpty() ? 0 : page.get(0).id() + 50_000, Long.MAX_VALUE, 100);
	}

	private void recordAttempts() {
		this.relayStore.recordAttempts(this.relayStore.page(0, Long.MAX_VALUE, 100)
			.stream()
			.map((event) -> new Attempt(event.id(), "late"))
			.toList());
	}

	private static List<PendingQuery> queries(int count) {
		return IntStream.range(0, count).mapToObj((key) -> query(String.valueOf(key), 0)).toList();
	}

	private static PendingQuery query(String key, long after) {
		return new PendingQuery(new OrderingKey("topic", key), after, 2);
	}

	private static List<UUID> ids(int count) {
		return Stream.generate(UUID::randomUUID).limit(count).toList();
	}

	/**
	 * A statement.
	 *
	 * @param name its name
	 * @param rows how many rows it is about
	 * @param execution executes it
	 */
	record HotStatement(String name, int rows, Runnable execution) {

	}

}
