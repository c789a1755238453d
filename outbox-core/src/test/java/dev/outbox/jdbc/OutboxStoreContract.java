package dev.outbox.jdbc;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import dev.outbox.store.OutboxRecord;
import dev.outbox.store.PlacedEvent;
import dev.outbox.store.StoredEvent;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * What {@link JdbcOutboxStore} does with events from their insertion to their end.
 */
interface OutboxStoreContract extends OnDatabase {

	@Test
	default void eventIsStoredWhole() {
		Map<String, String> headers = new LinkedHashMap<>();
		headers.put("zone", "eu");
		headers.put("agent", "\"ü\" \\ \n");
		OutboxRecord event = new OutboxRecord(UUID.randomUUID(), "ORDER_CREATED", TestDatabase.TOPIC, "42",
				"{\"total\": 1.50}", headers);
		database().insert(event);
		assertThat(database().page(10)).singleElement().satisfies((stored) -> {
			assertThat(stored.event()).isEqualTo(event);
			assertThat(stored.event().headers().keySet()).containsExactly("zone", "agent");
		});
	}

	@Test
	default void eventsOfATransactionKeepTheirOrderHoweverManyTheyAre() {
		List<OutboxRecord> events = TestDatabase.events(1201);
		database().insert(events);
		assertThat(database().stored()).isEqualTo(TestDatabase.ids(events));
	}

	@Test
	default void theIdOfAnEventIsTold() {
		for (OutboxRecord event : TestDatabase.events(3)) {
			PlacedEvent stored = database().insert(event).get(0);
			assertThat(stored.event()).isEqualTo(event);
			assertThat(stored.id()).isEqualTo(database().page(10).get(database().page(10).size() - 1).id());
		}
	}

	@Test
	default void theIdsOfManyEventsAreToldOrAreNotKnown() {
		List<OutboxRecord> events = TestDatabase.events(1201);
		List<PlacedEvent> stored = database().insert(events);
		assertThat(stored).map(PlacedEvent::event).isEqualTo(events);
		List<StoredEvent> rows = database().page(2000);
		for (int i = 0; i < stored.size(); i++) {
			assertThat(stored.get(i).id()).isIn(0L, rows.get(i).id());
		}
		boolean tells = Set.of(SqlDialect.POSTGRESQL, SqlDialect.H2).contains(database().dialect());
		assertThat(stored).allMatch((event) -> event.id() > 0 == tells);
	}

	@Test
	default void nobodyIsToldIdsWhoDoesNotAsk() {
		OutboxRecord event = TestDatabase.event("a");
		JdbcOutboxStore store = new JdbcOutboxStore(database().outbox(), false);
		database()
			.inTransaction(() -> assertThat(store.insert(List.of(event))).singleElement().returns(0L, PlacedEvent::id));
		assertThat(database().stored()).containsExactly(event.eventId());
	}

	@Test
	default void eventsOfManyMegabytesAreStored() {
		List<OutboxRecord> events = new ArrayList<>();
		for (int i = 0; i < 5; i++) {
			events.add(TestDatabase.event("k", "ü".repeat(999_999) + i));
		}
		events.add(TestDatabase.event("k", "x".repeat(10_000_000)));
		database().insert(events);
		assertThat(database().page(10)).map((stored) -> stored.event().payload())
			.isEqualTo(events.stream().map(OutboxRecord::payload).toList());
	}

	@Test
	default void rolledBackEventsAreNotStored() {
		assertThatIllegalStateException().isThrownBy(() -> database().inTransaction(() -> {
			database().store().insert(TestDatabase.events(2));
			throw new IllegalStateException("roll back");
		}));
		assertThat(database().stored()).isEmpty();
	}

	@Test
	default void clearedEventsAreGoneAndUnknownOnesArePassedOver() {
		List<OutboxRecord> events = TestDatabase.events(2500);
		database().insert(events);
		List<UUID> ids = new ArrayList<>(TestDatabase.ids(events.subList(0, 2400)));
		ids.add(ids.get(0));
		ids.add(UUID.randomUUID());
		Collections.shuffle(ids);
		assertThat(database().store().clear(ids)).isEqualTo(2400);
		assertThat(database().stored()).isEqualTo(TestDatabase.ids(events.subList(2400, 2500)));
		assertThat(database().store().clear(ids)).isZero();
		assertThat(database().store().clear(List.of())).isZero();
	}

	@Test
	default void parkedEventIsMovedWithItsReason() {
		OutboxRecord event = TestDatabase.event("42", "{\"a\": 1}");
		database().insert(event, TestDatabase.event("43"));
		database().store().park(event.eventId(), "ü".repeat(2000), "x".repeat(2000));
		assertThat(database().stored()).hasSize(1).doesNotContain(event.eventId());
		assertThat(database().sql().queryForMap("SELECT * FROM outbox_parked")).containsEntry("parked_by", "one")
			.containsEntry("event_id", event.eventId().toString())
			.containsEntry("partition_key", "42")
			.containsEntry("reason", "ü".repeat(1000))
			.containsEntry("error_class", "x".repeat(255));
	}

	@Test
	default void parkingWhatIsGoneDoesNothing() {
		OutboxRecord event = TestDatabase.event("42");
		database().insert(event);
		database().store().park(event.eventId(), "refused", "E");
		database().store().park(event.eventId(), "again", "E");
		database().store().park(UUID.randomUUID(), "unknown", "E");
		assertThat(database().sql().queryForList("SELECT reason FROM outbox_parked", String.class))
			.containsExactly("refused");
	}

	@Test
	default void eventThatTwoParkAtOnceIsParkedOnce() throws Exception {
		for (int round = 0; round < 10; round++) {
			OutboxRecord event = TestDatabase.event("42");
			database().insert(event);
			Runnable park = () -> database().store().park(event.eventId(), "refused", "E");
			Together.run(park, park, park);
		}
		assertThat(database().stored()).isEmpty();
		assertThat(database().number("SELECT COUNT(*) FROM outbox_parked")).isEqualTo(10);
	}

}
