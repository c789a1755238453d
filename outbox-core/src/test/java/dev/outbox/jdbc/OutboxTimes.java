package dev.outbox.jdbc;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.outbox.schema.FlywaySchemaMigration;
import dev.outbox.store.OrderingKey;
import dev.outbox.store.OutboxRecord;
import dev.outbox.store.OutboxTables;
import dev.outbox.store.PendingEvent;
import dev.outbox.store.PendingQuery;

import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * One of two outboxes in a database, which take turns so that whatever else the machine
 * does concerns both alike, and how long each step of an event takes in it.
 */
final class OutboxTimes {

	static final String MANY_KEYS = "dispatch 64 keys";

	static final List<String> STEPS = List.of("publish", "dispatch one key", MANY_KEYS, "dispatch a key not known",
			"relay", "clear");

	private static final int COMPARISONS = 3;

	private static final int KEYS = 1000;

	private static final int AT_ONCE = 2000;

	private static final int KEYS_AT_ONCE = 64;

	private final TransactionTemplate transaction;

	private final JdbcOutboxStore store;

	private final JdbcRelayStore relayStore;

	private final Map<String, Long> sentTo = new HashMap<>();

	private final Map<String, List<Long>> times = new HashMap<>();

	private int turn;

	OutboxTimes(TestDatabase database, String prefix) {
		OutboxTables tables = database.dialect().tables(null, prefix);
		new FlywaySchemaMigration(database.pool(), database.dialect().vendor(), tables).migrate();
		OutboxJdbc outbox = new OutboxJdbc(database.pool(), database.dialect(), tables, "one");
		this.transaction = new TransactionTemplate(new JdbcTransactionManager(database.pool()));
		this.store = new JdbcOutboxStore(outbox);
		this.relayStore = new JdbcRelayStore(outbox);
	}

	/**
	 * Let two outboxes take turns, and see that the steps of the other one do not take
	 * too long. Whatever else the machine does may spoil a comparison, but not three.
	 * @param one one of them
	 * @param other the other one
	 * @param turns how many turns of each count; half as many go before
	 * @param most how many times as long each step of the other one may take
	 * @param text what is printed of the times of both
	 */
	static void compare(OutboxTimes one, OutboxTimes other, int turns, Map<String, Double> most, String text) {
		for (int comparison = 1;; comparison++) {
			compare(one, other, turns);
			System.out.printf(text + "%n", one, other);
			if (comparison == COMPARISONS
					|| most.entrySet().stream().allMatch((step) -> other.ratio(one, step.getKey()) < step.getValue())) {
				break;
			}
		}
		assertThat(most).allSatisfy(
				(step, bound) -> assertThat(other.ratio(one, step)).as("how many times as long").isLessThan(bound));
	}

	private static void compare(OutboxTimes one, OutboxTimes other, int turns) {
		for (int turn = -turns / 2; turn < turns; turn++) {
			if (turn == 0) {
				one.times.clear();
				other.times.clear();
			}
			((turn % 2 == 0) ? one : other).takeTurn();
			((turn % 2 == 0) ? other : one).takeTurn();
		}
	}

	/**
	 * Store events of other keys, which stay.
	 * @param rows how many
	 */
	void fill(int rows) {
		for (int from = 0; from < rows; from += AT_ONCE) {
			insert(events("other-", from, Math.min(AT_ONCE, rows - from)));
		}
	}

	/**
	 * Store, find and clear events of the keys that are used later on.
	 * @param count how many
	 */
	void use(int count) {
		for (int from = 0; from < count; from += KEYS) {
			List<OutboxRecord> events = events("own-", from, KEYS);
			insert(events);
			this.store.pending(TestDatabase.ids(events)).forEach(this::sent);
			this.store.clear(TestDatabase.ids(events));
		}
	}

	private void takeTurn() {
		List<OutboxRecord> events = events("own-", this.turn++, KEYS_AT_ONCE);
		OutboxRecord event = events.get(0);
		List<PendingQuery> queries = events.stream().map(this::query).toList();
		List<PendingEvent> found = new ArrayList<>();
		time("publish", () -> insert(List.of(event)));
		time("dispatch one key", () -> found.addAll(this.store.pending(queries.subList(0, 1))));
		time(MANY_KEYS, () -> found.addAll(this.store.pending(queries)));
		time("dispatch a key not known",
				() -> found.addAll(this.store.pending(List.of(new PendingQuery(event.orderingKey(), 0, 2)))));
		time("relay", this.relayStore::look);
		time("clear", () -> this.store.clear(List.of(event.eventId())));
		assertThat(found).extracting(PendingEvent::eventId).containsOnly(event.eventId()).hasSize(3);
		found.forEach(this::sent);
	}

	private void time(String step, Runnable work) {
		long begin = System.nanoTime();
		work.run();
		this.times.computeIfAbsent(step, (name) -> new ArrayList<>()).add((System.nanoTime() - begin) / 1000);
	}

	private double ratio(OutboxTimes other, String step) {
		return (double) median(step) / other.median(step);
	}

	private long median(String step) {
		List<Long> sorted = this.times.getOrDefault(step, List.of()).stream().sorted().toList();
		return sorted.get(sorted.size() / 2);
	}

	private void insert(List<OutboxRecord> events) {
		this.transaction.executeWithoutResult((status) -> this.store.insert(events));
	}

	private void sent(PendingEvent event) {
		this.sentTo.put(event.key().partitionKey(), event.id());
	}

	private PendingQuery query(OutboxRecord event) {
		return new PendingQuery(new OrderingKey(event.topic(), event.partitionKey()),
				this.sentTo.getOrDefault(event.partitionKey(), 0L), 2);
	}

	// With ids that ascend in time, as those that the publisher draws.
	private static List<OutboxRecord> events(String keys, int from, int count) {
		return IntStream.range(from, from + count).mapToObj((number) -> {
			UUID random = UUID.randomUUID();
			UUID id = new UUID((System.currentTimeMillis() << 16) | 0x7000 | (random.getMostSignificantBits() & 0xFFF),
					random.getLeastSignificantBits());
			return new OutboxRecord(id, "ORDER_CREATED", TestDatabase.TOPIC, keys + number % KEYS, "x".repeat(300),
					Map.of());
		}).toList();
	}

	@Override
	public String toString() {
		return STEPS.stream().map((step) -> step + " " + median(step)).collect(Collectors.joining(", "));
	}

}
