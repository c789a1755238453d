package dev.outbox.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.outbox.store.OrderingKey;
import dev.outbox.store.OutboxRecord;
import dev.outbox.store.PendingEvent;
import dev.outbox.store.PendingQuery;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.jdbc.datasource.SingleConnectionDataSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How the dispatcher learns what precedes an event.
 */
interface PendingContract extends OnDatabase {

	@Test
	default void pendingEventsOfAKeyAreTheFirstOfItsTopicAfterAnId() {
		List<OutboxRecord> events = IntStream.range(0, 5).mapToObj((i) -> TestDatabase.event("42")).toList();
		database().insert(events);
		database().insert(TestDatabase.event("43"), new OutboxRecord(UUID.randomUUID(), "PAID", "order.paid", "42",
				"{}", TestDatabase.event("").headers()));
		List<PendingEvent> all = pending(query("42", 0, 10));
		assertThat(all).map(PendingEvent::eventId).containsExactlyInAnyOrderElementsOf(TestDatabase.ids(events));
		assertThat(all).map(PendingEvent::key).containsOnly(new OrderingKey(TestDatabase.TOPIC, "42"));
		List<Long> ids = all.stream().map(PendingEvent::id).sorted().toList();
		assertThat(pending(query("42", ids.get(1), 2))).map(PendingEvent::id)
			.containsExactlyInAnyOrder(ids.get(2), ids.get(3));
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 8, 9, 64, 65, 300 })
	default void pendingEventsOfAnyNumberOfKeysAreFound(int keys) {
		List<OutboxRecord> events = IntStream.range(0, 301).mapToObj((i) -> TestDatabase.event("key-" + i)).toList();
		database().insert(events);
		database().insert(events.stream().map((event) -> TestDatabase.event(event.partitionKey())).toList());
		PendingQuery[] queries = IntStream.range(0, keys)
			.mapToObj((i) -> query("key-" + i, 0, 1))
			.toArray(PendingQuery[]::new);
		assertThat(pending(queries)).map(PendingEvent::eventId)
			.containsExactlyInAnyOrderElementsOf(TestDatabase.ids(events.subList(0, keys)));
	}

	@Test
	default void pendingEventsAreFoundByTheirIds() {
		List<OutboxRecord> events = TestDatabase.events(2100);
		database().insert(events);
		database().store().clear(TestDatabase.ids(events.subList(0, 50)));
		assertThat(database().store().pending(TestDatabase.ids(events))).map(PendingEvent::eventId)
			.containsExactlyInAnyOrderElementsOf(TestDatabase.ids(events.subList(50, 2100)));
		assertThat(database().store().pending(List.<UUID>of())).isEmpty();
	}

	@Test
	default void lowerIdThatIsCommittedLaterIsSeenThen() throws SQLException {
		OutboxRecord slow = TestDatabase.event("42");
		OutboxRecord fast = TestDatabase.event("42");
		try (Connection connection = database().pool().getConnection()) {
			connection.setAutoCommit(false);
			new JdbcOutboxStore(database().outbox(new SingleConnectionDataSource(connection, true), "slow"))
				.insert(List.of(slow));
			database().insert(fast);
			assertThat(pending(query("42", 0, 10))).map(PendingEvent::eventId).containsExactly(fast.eventId());
			assertThat(database().stored()).containsExactly(fast.eventId());
			connection.commit();
		}
		assertThat(database().stored()).containsExactly(slow.eventId(), fast.eventId());
		assertThat(pending(query("42", 0, 1))).map(PendingEvent::eventId).containsExactly(slow.eventId());
	}

	@Test
	default void keysAreToldApartCharacterByCharacter() {
		List<OutboxRecord> events = Stream.of("a", "A", "á", "a ", "ａ", "a\u0301").map(TestDatabase::event).toList();
		database().insert(events);
		for (OutboxRecord event : events) {
			assertThat(pending(query(event.partitionKey(), 0, 10))).as("key '%s'", event.partitionKey())
				.map(PendingEvent::eventId)
				.containsExactly(event.eventId());
		}
		List<PendingQuery> all = new ArrayList<>();
		events.forEach((event) -> all.add(query(event.partitionKey(), 0, 10)));
		IntStream.range(0, 10).forEach((i) -> all.add(query("none-" + i, 0, 10)));
		assertThat(pending(all.toArray(PendingQuery[]::new))).as("more keys in one statement").hasSize(events.size());
	}

	@Test
	default void keyOf255CharactersOfFourBytesEachIsStored() {
		String key = "\uD83D\uDE00".repeat(254) + "\uD83D\uDE01";
		OutboxRecord event = TestDatabase.event(key);
		OutboxRecord other = TestDatabase.event("\uD83D\uDE00".repeat(255));
		database().insert(event, other);
		assertThat(pending(query(key, 0, 10))).map(PendingEvent::eventId).containsExactly(event.eventId());
		database().store().park(event.eventId(), "r", "e");
		assertThat(database().sql().queryForObject("SELECT partition_key FROM outbox_parked", String.class))
			.isEqualTo(key);
	}

	private List<PendingEvent> pending(PendingQuery... queries) {
		return database().store().pending(List.of(queries));
	}

	private static PendingQuery query(String key, long after, int limit) {
		return new PendingQuery(new OrderingKey(TestDatabase.TOPIC, key), after, limit);
	}

}
