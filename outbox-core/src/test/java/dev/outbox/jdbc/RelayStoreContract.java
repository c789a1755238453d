package dev.outbox.jdbc;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;

import dev.outbox.store.Attempt;
import dev.outbox.store.OutboxRecord;
import dev.outbox.store.PendingSize;
import dev.outbox.store.StoredEvent;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What {@link JdbcRelayStore} tells the relay and keeps for it.
 */
interface RelayStoreContract extends OnDatabase {

	@Test
	default void oldestAgeIsThatOfTheLowestId() {
		assertThat(database().relayStore().look().oldestAge()).isEmpty();
		database().insert(TestDatabase.events(3));
		assertThat(database().relayStore().look().oldestAge())
			.hasValueSatisfying((age) -> assertThat(age).isBetween(Duration.ofSeconds(-1), Duration.ofMinutes(1)));
		Instant before = Instant.now().minusSeconds(7200);
		database().sql()
			.update("UPDATE outbox SET created_at = %s WHERE outbox_id = %d".formatted(database().literal(before),
					firstId()));
		assertThat(database().relayStore().look().oldestAge())
			.hasValueSatisfying((age) -> assertThat(age).isBetween(Duration.ofHours(2), Duration.ofMinutes(121)));
	}

	@Test
	default void pagesFollowEachOtherInTheOrderOfIds() {
		List<OutboxRecord> events = TestDatabase.events(25);
		database().insert(events);
		List<UUID> read = new ArrayList<>();
		List<StoredEvent> page = database().page(10);
		while (!page.isEmpty()) {
			assertThat(page).hasSizeLessThanOrEqualTo(10);
			page.forEach((event) -> read.add(event.event().eventId()));
			page = database().relayStore().page(page.get(page.size() - 1).id(), Long.MAX_VALUE, 10);
		}
		assertThat(read).isEqualTo(TestDatabase.ids(events));
	}

	@Test
	default void sizesAreThoseOfThePayloadsInBytes() {
		database().insert(TestDatabase.event("a", "123"), TestDatabase.event("b", "ü😀"),
				TestDatabase.event("c", "x".repeat(2_000_000)), TestDatabase.event("d"));
		long first = firstId();
		assertThat(database().relayStore().sizes(0, 3)).containsExactly(new PendingSize(first, 3),
				new PendingSize(first + 1, 6), new PendingSize(first + 2, 2_000_000));
		assertThat(database().relayStore().sizes(first, 10)).extracting(PendingSize::bytes)
			.containsExactly(6L, 2_000_000L, 2L);
		assertThat(database().relayStore().sizes(first + 3, 10)).isEmpty();
	}

	@Test
	default void aPageEndsAtAnIdAlsoIfEventsBeforeItWereCleared() {
		List<OutboxRecord> events = TestDatabase.events(6);
		List<UUID> ids = TestDatabase.ids(events);
		database().insert(events);
		long first = firstId();
		database().store().clear(ids.subList(1, 3));
		assertThat(database().relayStore().page(first, first + 4, 4)).extracting((event) -> event.event().eventId())
			.isEqualTo(ids.subList(3, 5));
	}

	@Test
	default void orderIsThatOfIdsWhateverThePlacesAndTheTimesOfTheRows() {
		List<OutboxRecord> events = TestDatabase.events(1000);
		List<UUID> ids = new ArrayList<>(TestDatabase.ids(events));
		database().insert(events);
		long first = firstId();
		database().sql()
			.update("UPDATE outbox SET created_at = " + database().literal(Instant.parse("2026-01-01T00:00:00.001Z")));
		assertThat(database().stored()).as("a thousand within one millisecond").isEqualTo(ids);
		database().store().clear(ids.subList(0, 500));
		List<UUID> late = new ArrayList<>();
		for (long id = first; id < first + 500; id++) {
			late.add(UUID.randomUUID());
			database().sql()
				.update("""
						INSERT INTO outbox (outbox_id, event_id, event_type, topic, partition_key, payload, created_at)
						VALUES (?, ?, 'T', 't', 'k', '{}', %s)"""
					.formatted(database().literal(Instant.parse("2026-01-02T00:00:00Z").minusMillis(id))), id,
						late.get(late.size() - 1).toString());
		}
		late.addAll(ids.subList(500, 1000));
		assertThat(database().stored()).as("lower ids stored later").isEqualTo(late);
	}

	@Test
	default void holeInTheIdsStopsNothing() {
		List<OutboxRecord> events = TestDatabase.events(3);
		database().insert(events);
		database().sql().update("DELETE FROM outbox WHERE outbox_id = ?", firstId() + 1);
		assertThat(database().stored()).containsExactly(events.get(0).eventId(), events.get(2).eventId());
	}

	@Test
	default void attemptsAreCounted() {
		database().insert(TestDatabase.events(2));
		long first = firstId();
		database().relayStore().recordAttempts(List.of());
		database().relayStore().recordAttempts(List.of(new Attempt(first, "ü".repeat(2000))));
		database().relayStore().recordAttempts(List.of(new Attempt(first, null)));
		database().relayStore().recordAttempts(List.of(new Attempt(first, "refused")));
		assertThat(database().page(10)).map(StoredEvent::attempts).containsExactly(3, 0);
		assertThat(database().sql().queryForObject("SELECT last_error FROM outbox_attempt", String.class))
			.isEqualTo("refused");
		database().sql()
			.update("UPDATE outbox_attempt SET attempted_at = "
					+ database().literal(Instant.now().minus(Duration.ofHours(1))));
		assertThat(database().page(10).get(0).sinceAttempt()).isBetween(Duration.ofHours(1), Duration.ofMinutes(61));
		assertThat(database().page(10).get(1).sinceAttempt()).isZero();
	}

	@Test
	default void attemptsOfEventsThatAreGoneAreForgotten() {
		List<OutboxRecord> events = TestDatabase.events(2);
		database().insert(events);
		List<Attempt> attempts = database().page(10).stream().map((event) -> new Attempt(event.id(), "late")).toList();
		database().relayStore().recordAttempts(attempts);
		database().store().clear(TestDatabase.ids(events.subList(0, 1)));
		database().relayStore().forgetAttempts();
		assertThat(database().sql().queryForList("SELECT outbox_id FROM outbox_attempt", Long.class))
			.containsExactly(attempts.get(1).id());
	}

	@Test
	default void anyNumberOfAttemptsIsForgotten() {
		List<OutboxRecord> events = TestDatabase.events(2500);
		database().insert(events);
		List<StoredEvent> stored = database().page(2500);
		database().relayStore().recordAttempts(stored.stream().map((event) -> new Attempt(event.id(), null)).toList());
		database().store().clear(TestDatabase.ids(events.subList(0, 2400)));
		database().relayStore().forgetAttempts();
		assertThat(database().number("SELECT COUNT(*) FROM outbox_attempt")).isEqualTo(100);
		assertThat(database().number("SELECT MIN(outbox_id) FROM outbox_attempt")).isEqualTo(stored.get(2400).id());
	}

	@Test
	default void rowsThatCannotBeReadAreParkedAndTheOthersAreRead() {
		List<OutboxRecord> events = TestDatabase.events(20);
		database().insert(events);
		long first = firstId();
		database().sql().update("UPDATE outbox SET headers = '{' WHERE outbox_id < ?", first + 8);
		database().sql().update("UPDATE outbox SET headers = 'null' WHERE outbox_id = ?", first + 8);
		database().sql().update("UPDATE outbox SET headers = '{\"a\":null}' WHERE outbox_id = ?", first + 9);
		database().sql().update("UPDATE outbox SET event_id = 'no-uuid' WHERE outbox_id = ?", first + 10);
		assertThat(database().page(10)).map((event) -> event.event().eventId())
			.isEqualTo(TestDatabase.ids(events.subList(11, 20)));
		assertThat(database().sql().queryForList("SELECT reason FROM outbox_parked", String.class)).hasSize(11)
			.allSatisfy((reason) -> assertThat(reason).startsWith("The row cannot be read: "));
	}

	@Test
	default void twoRelaysRecordTheSameAttemptsAtOnce() throws Exception {
		database().insert(TestDatabase.events(200));
		List<Attempt> attempts = new ArrayList<>(
				database().page(200).stream().map((event) -> new Attempt(event.id(), "late")).toList());
		List<Attempt> reversed = new ArrayList<>(attempts);
		Collections.reverse(reversed);
		for (int round = 1; round <= 5; round++) {
			Together.run(() -> database().relayStore().recordAttempts(attempts),
					() -> database().relayStore().recordAttempts(reversed));
			assertThat(database().page(200)).map(StoredEvent::attempts).containsOnly(2);
			database().sql().update("DELETE FROM outbox_attempt");
		}
	}

	private long firstId() {
		return database().page(1).get(0).id();
	}

}
