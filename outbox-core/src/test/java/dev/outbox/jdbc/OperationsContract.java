package dev.outbox.jdbc;

import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Stream;

import dev.outbox.BlockedRow;
import dev.outbox.OutboxException;
import dev.outbox.OutboxOperations;
import dev.outbox.Outcome;
import dev.outbox.ParkedRow;
import dev.outbox.PendingRow;
import dev.outbox.RowFilter;
import dev.outbox.relay.RelayLock;
import dev.outbox.store.Attempt;
import dev.outbox.store.OutboxRecord;
import dev.outbox.store.StoredEvent;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.datasource.SingleConnectionDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What {@link JdbcOutboxOperations} shows an operator and does for one.
 */
interface OperationsContract extends OnDatabase {

	@Test
	default void pendingEventsAreListedPageByPageWithWhatIsKnownOfThem() {
		List<OutboxRecord> events = TestDatabase.events(25);
		database().insert(events);
		long third = ids().get(2);
		database().relayStore().recordAttempts(List.of(new Attempt(third, "late")));
		database().relayStore().recordAttempts(List.of(new Attempt(third, "refused")));
		List<PendingRow> read = new ArrayList<>();
		List<PendingRow> page = operations().pending(RowFilter.ANY, 0, 10);
		while (!page.isEmpty()) {
			assertThat(page).hasSizeLessThanOrEqualTo(10);
			read.addAll(page);
			page = operations().pending(RowFilter.ANY, page.get(page.size() - 1).id(), 10);
		}
		assertThat(read).map(PendingRow::eventId).isEqualTo(texts(events));
		PendingRow row = read.get(2);
		assertThat(row.age()).isBetween(Duration.ofSeconds(-1), Duration.ofMinutes(1));
		assertThat(row).isEqualTo(new PendingRow(third, events.get(2).eventId().toString(), "ORDER_CREATED",
				TestDatabase.TOPIC, "key-2", row.age(), 2, "refused"));
		assertThat(read.get(3).attempts()).isZero();
		assertThat(read.get(3).lastError()).isNull();
	}

	@Test
	default void parkedEventsAreListedPageByPageWithTheReason() {
		List<OutboxRecord> events = TestDatabase.events(5);
		database().insert(events);
		List<Long> ids = ids();
		park(events.subList(1, 5));
		List<ParkedRow> rows = operations().parked(RowFilter.ANY, 0, 2);
		assertThat(rows).map(ParkedRow::id).isEqualTo(ids.subList(1, 3));
		rows = operations().parked(RowFilter.ANY, ids.get(2), 1000);
		assertThat(rows).map(ParkedRow::id).isEqualTo(ids.subList(3, 5));
		assertThat(rows.get(0).age()).isBetween(Duration.ofSeconds(-1), Duration.ofMinutes(1));
		assertThat(rows.get(0)).isEqualTo(new ParkedRow(ids.get(3), events.get(3).eventId().toString(), "ORDER_CREATED",
				TestDatabase.TOPIC, "key-3", rows.get(0).age(), "refused", "E", 0, "one"));
	}

	@Test
	default void filtersNarrowWhatIsListed() {
		List<OutboxRecord> events = List.of(TestDatabase.event("a"), TestDatabase.event("b"), event("OTHER", "t", "a"),
				event("OTHER", "u", "A"), event("THIRD", "t", "a "));
		database().insert(events);
		assertFilters(events, (filter) -> operations().pending(filter, 0, 10).stream().map(PendingRow::eventId));
		park(events);
		assertFilters(events, (filter) -> operations().parked(filter, 0, 10).stream().map(ParkedRow::eventId));
	}

	private void assertFilters(List<OutboxRecord> events, Function<RowFilter, Stream<String>> listing) {
		List<String> all = texts(events);
		assertThat(listing.apply(RowFilter.ANY)).containsExactlyElementsOf(all);
		assertThat(listing.apply(RowFilter.ANY.withEventType("OTHER"))).containsExactly(all.get(2), all.get(3));
		assertThat(listing.apply(RowFilter.ANY.withTopic("t"))).containsExactly(all.get(2), all.get(4));
		assertThat(listing.apply(RowFilter.ANY.withPartitionKey("a"))).containsExactly(all.get(0), all.get(2));
		assertThat(listing.apply(RowFilter.ANY.withEventId(events.get(3).eventId()))).containsExactly(all.get(3));
		assertThat(listing.apply(RowFilter.ANY.withEventType("OTHER").withPartitionKey("a").withTopic("t")))
			.containsExactly(all.get(2));
		assertThat(listing.apply(RowFilter.ANY.withTopic("t' OR 'a' = 'a"))).isEmpty();
		assertThat(listing.apply(RowFilter.ANY.withTopic("ü"))).isEmpty();
	}

	@Test
	default void eventsAreListedByTheirAge() {
		List<OutboxRecord> events = TestDatabase.events(4);
		database().insert(events);
		park(events.subList(2, 4));
		String before = database().literal(Instant.now().minusSeconds(600));
		database().sql().update("UPDATE outbox SET created_at = " + before + " WHERE outbox_id = ?", ids().get(1));
		database().sql()
			.update("UPDATE outbox_parked SET parked_at = " + before + " WHERE event_id = ?",
					events.get(3).eventId().toString());
		RowFilter old = RowFilter.ANY.withMinAge(Duration.ofMinutes(5));
		assertThat(operations().pending(old, 0, 10)).singleElement().satisfies((row) -> {
			assertThat(row.eventId()).isEqualTo(events.get(1).eventId().toString());
			assertThat(row.age()).isBetween(Duration.ofMinutes(10), Duration.ofMinutes(11));
		});
		assertThat(operations().parked(old, 0, 10)).singleElement().satisfies((row) -> {
			assertThat(row.eventId()).isEqualTo(events.get(3).eventId().toString());
			assertThat(row.age()).isBetween(Duration.ofMinutes(10), Duration.ofMinutes(11));
		});
		assertThat(operations().pending(RowFilter.ANY.withMinAge(Duration.ofHours(1)), 0, 10)).isEmpty();
	}

	@Test
	default void pagesAreNeitherEmptyNorWithoutBound() {
		for (int limit : new int[] { -1, 0, 1001 }) {
			assertThatExceptionOfType(OutboxException.class)
				.isThrownBy(() -> operations().pending(RowFilter.ANY, 0, limit))
				.withMessage("A page has 1 to 1000 rows, not " + limit);
			assertThatExceptionOfType(OutboxException.class)
				.isThrownBy(() -> operations().parked(RowFilter.ANY, 0, limit));
		}
	}

	@Test
	default void resentEventsAreStoredAnewBehindWhatIsPending() {
		List<OutboxRecord> events = TestDatabase.events(1203);
		database().insert(events);
		List<Long> ids = ids();
		park(events.subList(0, 1));
		copyToParked(ids.get(1), ids.get(1200));
		database().sql().update("UPDATE outbox_parked SET created_at = " + database().literal(Instant.EPOCH));
		List<Long> asked = new ArrayList<>(ids.subList(0, 1201));
		Collections.shuffle(asked);
		asked.add(ids.get(0));
		asked.add(Long.MAX_VALUE);
		assertThat(operations().resend(asked)).isEqualTo(new Outcome(1201, 1202)).hasToString("1201 of 1202");
		List<UUID> expected = new ArrayList<>(TestDatabase.ids(events.subList(1201, 1203)));
		expected.addAll(TestDatabase.ids(events.subList(0, 1201)));
		assertThat(database().stored()).isEqualTo(expected);
		assertThat(database().page(5000)).map(StoredEvent::event).containsExactlyInAnyOrderElementsOf(events);
		assertThat(database().page(5000))
			.allSatisfy((event) -> assertThat(event.age()).isLessThan(Duration.ofMinutes(5)));
		assertThat(operations().parked(RowFilter.ANY, 0, 10)).isEmpty();
		assertThat(operations().resend(asked)).isEqualTo(new Outcome(0, 1202));
		assertThat(operations().resend(List.of())).isEqualTo(new Outcome(0, 0));
	}

	@Test
	default void eventThatIsParkedAgainCanBeResentAgain() {
		OutboxRecord event = TestDatabase.event("42");
		database().insert(event);
		for (int round = 0; round < 3; round++) {
			park(List.of(event));
			ParkedRow row = operations().parked(RowFilter.ANY, 0, 10).get(0);
			assertThat(operations().resend(List.of(row.id()))).isEqualTo(new Outcome(1, 1));
			assertThat(ids()).allSatisfy((id) -> assertThat(id).isGreaterThan(row.id()));
		}
		assertThat(database().stored()).containsExactly(event.eventId());
	}

	@Test
	default void eventsThatSeveralResendOrDiscardAtOnceAreResentOrDiscardedOnce() throws Exception {
		for (int round = 0; round < 5; round++) {
			List<OutboxRecord> events = TestDatabase.events(100);
			database().insert(events);
			List<Long> ids = ids();
			park(events);
			List<Long> reversed = new ArrayList<>(ids);
			Collections.reverse(reversed);
			Callable<Integer> resend = () -> operations().resend(ids).done();
			Callable<Integer> discard = () -> operations().discard(reversed, "test").done();
			List<Integer> done = Together.call(List.of(resend, discard, resend, discard));
			assertThat(done.stream().mapToInt(Integer::intValue).sum()).isEqualTo(100);
			assertThat(database().stored()).hasSize(done.get(0) + done.get(2));
			assertThat(operations().parked(RowFilter.ANY, 0, 10)).isEmpty();
			database().empty();
		}
	}

	@Test
	default void discardedEventsAreGoneWhetherParkedOrPending() {
		List<OutboxRecord> events = TestDatabase.events(1300);
		database().insert(events);
		List<Long> ids = ids();
		park(events.subList(0, 10));
		List<Long> asked = new ArrayList<>(ids.subList(5, 1205));
		Collections.shuffle(asked);
		asked.add(ids.get(5));
		asked.add(Long.MAX_VALUE);
		assertThat(operations().discard(asked, "no longer wanted")).isEqualTo(new Outcome(1200, 1201));
		assertThat(database().stored()).isEqualTo(TestDatabase.ids(events.subList(1205, 1300)));
		assertThat(operations().parked(RowFilter.ANY, 0, 10)).map(ParkedRow::id).isEqualTo(ids.subList(0, 5));
		assertThat(operations().discard(asked, "no longer wanted")).isEqualTo(new Outcome(0, 1201));
		assertThat(operations().discard(List.of(), "no longer wanted")).isEqualTo(new Outcome(0, 0));
	}

	@Test
	default void blockedEventsStayPendingAndAreListedWithTheReason() {
		List<OutboxRecord> events = TestDatabase.events(5);
		database().insert(events);
		List<Long> ids = ids();
		database().relayStore().recordAttempts(List.of(new Attempt(ids.get(3), "late")));
		for (OutboxRecord event : events.subList(2, 5)) {
			database().store().block(event.eventId(), "ü".repeat(2000), "x".repeat(2000));
		}
		database().store().block(UUID.randomUUID(), "unknown", "E");
		List<BlockedRow> rows = operations().blocked(RowFilter.ANY.withTopic(TestDatabase.TOPIC), ids.get(1), 2);
		assertThat(rows).map(BlockedRow::id).isEqualTo(ids.subList(2, 4));
		assertThat(rows).map(BlockedRow::attempts).containsExactly(0, 1);
		assertThat(rows.get(0).age()).isBetween(Duration.ofSeconds(-1), Duration.ofMinutes(1));
		assertThat(rows.get(0))
			.isEqualTo(new BlockedRow(ids.get(2), events.get(2).eventId().toString(), "ORDER_CREATED",
					TestDatabase.TOPIC, "key-2", rows.get(0).age(), "ü".repeat(1000), "x".repeat(255), 0, "one"));
		assertThat(operations().blocked(RowFilter.ANY.withPartitionKey("key-4"), 0, 10)).map(BlockedRow::id)
			.containsExactly(ids.get(4));
		assertThat(operations().blocked(RowFilter.ANY.withMinAge(Duration.ofHours(1)), 0, 10)).isEmpty();
		assertThat(database().stored()).isEqualTo(TestDatabase.ids(events));
		assertThat(database().page(10)).map(StoredEvent::blocked).containsExactly(false, false, true, true, true);
	}

	@Test
	default void unblockedEventsAreDueAtOnce() {
		List<OutboxRecord> events = TestDatabase.events(3);
		database().insert(events);
		List<Long> ids = ids();
		database().relayStore().recordAttempts(List.of(new Attempt(ids.get(1), "late")));
		events.forEach((event) -> database().store().block(event.eventId(), "refused", "E"));
		assertThat(operations().unblock(List.of(ids.get(1), ids.get(2), Long.MAX_VALUE))).isEqualTo(new Outcome(2, 3));
		assertThat(operations().unblock(List.of(ids.get(1), ids.get(2)))).isEqualTo(new Outcome(0, 2));
		assertThat(database().page(10)).map(StoredEvent::blocked).containsExactly(true, false, false);
		assertThat(database().page(10)).map(StoredEvent::attempts).containsOnly(0);
		database().store().block(events.get(1).eventId(), "again", "F");
		assertThat(operations().blocked(RowFilter.ANY, 0, 10)).map(BlockedRow::reason)
			.containsExactly("refused", "again");
	}

	@Test
	default void blockedEventThatIsDiscardedOrClearedIsNotBlockedAnyMore() {
		List<OutboxRecord> events = TestDatabase.events(3);
		database().insert(events);
		List<Long> ids = ids();
		events.forEach((event) -> database().store().block(event.eventId(), "refused", "E"));
		assertThat(operations().discard(ids.subList(0, 1), "test")).isEqualTo(new Outcome(1, 1));
		database().store().clear(TestDatabase.ids(events.subList(1, 2)));
		assertThat(operations().blocked(RowFilter.ANY, 0, 10)).map(BlockedRow::id).containsExactly(ids.get(2));
		database().relayStore().forgetAttempts();
		assertThat(database().number("SELECT COUNT(*) FROM outbox_attempt")).isOne();
	}

	@Test
	default void severalBlockAnEventAtOnceWhileItIsSentAgain() throws Exception {
		for (int round = 0; round < 10; round++) {
			OutboxRecord event = TestDatabase.event("42");
			database().insert(event);
			long id = ids().get(0);
			Runnable block = () -> database().store().block(event.eventId(), "refused", "E");
			Together.run(block, block, () -> database().relayStore().recordAttempts(List.of(new Attempt(id, "late"))));
			assertThat(operations().blocked(RowFilter.ANY, 0, 10)).map(BlockedRow::attempts).containsExactly(1);
			database().empty();
		}
	}

	@Test
	default void redirectedEventKeepsItsPlaceAndAllButItsTopicAndHeaders() {
		List<OutboxRecord> events = TestDatabase.events(3);
		database().insert(events);
		List<Long> ids = ids();
		OutboxRecord event = events.get(1);
		OutboxRecord letter = new OutboxRecord(event.eventId(), event.eventType(), event.topic() + "-dlt",
				event.partitionKey(), event.payload(), Map.of("why", "ü"));
		database().store().redirect(letter);
		assertThat(database().page(10)).map(StoredEvent::event).containsExactly(events.get(0), letter, events.get(2));
		assertThat(ids()).isEqualTo(ids);
		database().store()
			.redirect(new OutboxRecord(event.eventId(), event.eventType(), event.topic() + "-dlt", event.partitionKey(),
					event.payload(), Map.of("why", "again")));
		assertThat(database().page(10).get(1).event()).isEqualTo(letter);
		database().store().clear(List.of(letter.eventId()));
		database().store().redirect(letter);
		assertThat(database().stored()).hasSize(2);
	}

	@Test
	default void neitherBlockingNorRedirectingWaitsForATransactionThatPublishes() throws Exception {
		List<OutboxRecord> events = TestDatabase.events(6);
		database().insert(events);
		OutboxRecord event = events.get(1);
		OutboxRecord letter = new OutboxRecord(event.eventId(), event.eventType(), event.topic() + "-dlt",
				event.partitionKey(), event.payload(), Map.of());
		try (Connection connection = database().pool().getConnection()) {
			connection.setAutoCommit(false);
			new JdbcOutboxStore(database().outbox(new SingleConnectionDataSource(connection, true), "open"))
				.insert(TestDatabase.events(20));
			assertThat(CompletableFuture.runAsync(() -> {
				database().store().block(events.get(0).eventId(), "refused", "E");
				database().store().redirect(letter);
				operations().unblock(ids().subList(0, 2));
			})).succeedsWithin(Duration.ofSeconds(20));
			connection.commit();
		}
		assertThat(database().stored()).hasSize(26);
	}

	@Test
	default void eventThatIsParkedKeepsTheNumberOfItsAttempts() {
		OutboxRecord event = TestDatabase.event("42");
		database().insert(event);
		database().relayStore().recordAttempts(List.of(new Attempt(ids().get(0), "a")));
		database().relayStore().recordAttempts(List.of(new Attempt(ids().get(0), "b")));
		park(List.of(event));
		assertThat(operations().parked(RowFilter.ANY, 0, 10)).map(ParkedRow::attempts).containsExactly(2);
	}

	@Test
	default void nothingIsDiscardedWithoutAReason() {
		database().insert(TestDatabase.event("42"));
		assertThatExceptionOfType(OutboxException.class).isThrownBy(() -> operations().discard(ids(), " "));
		assertThat(database().stored()).hasSize(1);
	}

	@Test
	default void eventThatIsParkedWhileItIsDiscardedIsGone() throws Exception {
		for (int round = 0; round < 20; round++) {
			OutboxRecord event = TestDatabase.event("42");
			database().insert(event);
			List<Long> ids = ids();
			Callable<Integer> parking = () -> {
				database().store().park(event.eventId(), "refused", "E");
				return 0;
			};
			assertThat(Together.call(List.of(parking, () -> operations().discard(ids, "test").done())))
				.isEqualTo(List.of(0, 1));
			assertThat(database().number("SELECT COUNT(*) FROM outbox_parked")).isZero();
		}
		assertThat(database().stored()).isEmpty();
	}

	@Test
	default void pauseIsSeenByAllInstancesUntilItEnds() {
		RelayLock lock = new JdbcRelayLock(database().outbox(database().pool(), "two"));
		assertThat(operations().paused()).isEmpty();
		assertThat(operations().resume()).isEqualTo(new Outcome(0, 1));
		assertThat(database().relayStore().look().paused()).isFalse();
		assertThat(lock.look(Duration.ofMinutes(1)).paused()).isFalse();
		assertThat(operations().pause("maintenance")).isEqualTo(new Outcome(1, 1));
		assertThat(operations().pause("again")).isEqualTo(new Outcome(0, 1));
		assertThat(operations().paused())
			.hasValueSatisfying((time) -> assertThat(time).isBetween(Duration.ZERO, Duration.ofMinutes(1)));
		assertThat(database().relayStore().look().paused()).isTrue();
		assertThat(lock.look(Duration.ofMinutes(1))).isEqualTo(new RelayLock.Look(true, true));
		assertThat(lock.acquire(Duration.ofMinutes(1))).isTrue();
		assertThat(operations().resume()).isEqualTo(new Outcome(1, 1));
		assertThat(operations().paused()).isEmpty();
		assertThat(database().relayStore().look().paused()).isFalse();
	}

	@Test
	default void nothingIsPausedWithoutAReason() {
		assertThatExceptionOfType(OutboxException.class).isThrownBy(() -> operations().pause(""));
		assertThat(operations().paused()).isEmpty();
	}

	@Test
	default void pauseThatSeveralAskForAtOnceIsMadeOnce() throws Exception {
		for (int round = 0; round < 5; round++) {
			Callable<Integer> pause = () -> operations().pause("test").done();
			List<Integer> done = Together.call(List.of(pause, pause, pause));
			assertThat(done.stream().mapToInt(Integer::intValue).sum()).isOne();
			Callable<Integer> resume = () -> operations().resume().done();
			done = Together.call(List.of(resume, resume, resume));
			assertThat(done.stream().mapToInt(Integer::intValue).sum()).isOne();
		}
	}

	@Test
	default void rowThatCannotBeReadIsListedAndDiscarded() {
		database().insert(TestDatabase.event("42"));
		database().sql().update("UPDATE outbox SET event_id = 'no-uuid'");
		assertThat(operations().pending(RowFilter.ANY, 0, 10)).map(PendingRow::eventId).containsExactly("no-uuid");
		database().page(10);
		ParkedRow row = operations().parked(RowFilter.ANY, 0, 10).get(0);
		assertThat(row.eventId()).isEqualTo("no-uuid");
		assertThat(operations().discard(List.of(row.id()), "broken")).isEqualTo(new Outcome(1, 1));
	}

	@Test
	default void operatorWaitsForNoTransactionThatPublishes() throws Exception {
		List<OutboxRecord> events = TestDatabase.events(6);
		database().insert(events);
		List<Long> ids = ids();
		park(events.subList(3, 6));
		// As if it had been parked long ago: InnoDB keeps the former entry of its index
		// for a while, and would wait for its neighbours.
		database().sql()
			.update("UPDATE outbox_parked SET event_id = ? WHERE outbox_id = ?", UUID.randomUUID().toString(),
					ids.get(3));
		try (Connection connection = database().pool().getConnection()) {
			connection.setAutoCommit(false);
			new JdbcOutboxStore(database().outbox(new SingleConnectionDataSource(connection, true), "open"))
				.insert(TestDatabase.events(20));
			assertThat(CompletableFuture.supplyAsync(() -> operations().resend(ids.subList(3, 4)).done()
					+ operations().discard(ids.subList(2, 5), "test").done()))
				.succeedsWithin(Duration.ofSeconds(20))
				.isEqualTo(3);
			connection.commit();
		}
		assertThat(database().stored()).hasSize(23);
	}

	private OutboxOperations operations() {
		return new JdbcOutboxOperations(database().outbox());
	}

	private List<Long> ids() {
		return database().page(5000).stream().map(StoredEvent::id).toList();
	}

	private void park(List<OutboxRecord> events) {
		events.forEach((event) -> database().store().park(event.eventId(), "refused", "E"));
	}

	// As many as would take long to be parked one by one.
	private void copyToParked(long from, long to) {
		database().inTransaction(() -> {
			database().sql()
				.update("""
						INSERT INTO outbox_parked (outbox_id, event_id, event_type, topic, partition_key, payload, headers,
							created_at, reason, error_class, parked_at, parked_by)
						SELECT outbox_id, event_id, event_type, topic, partition_key, payload, headers, created_at, 'refused', 'E',
							created_at, 'one' FROM outbox WHERE outbox_id BETWEEN ? AND ?""",
						from, to);
			database().sql().update("DELETE FROM outbox WHERE outbox_id BETWEEN ? AND ?", from, to);
		});
	}

	private static List<String> texts(List<OutboxRecord> events) {
		return events.stream().map((event) -> event.eventId().toString()).toList();
	}

	private static OutboxRecord event(String type, String topic, String key) {
		return new OutboxRecord(UUID.randomUUID(), type, topic, key, "{}", Map.of());
	}

}
