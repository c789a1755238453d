package dev.outbox.dispatch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

import dev.outbox.store.OutboxRecord;
import dev.outbox.store.OutboxStore;
import dev.outbox.store.PendingEvent;
import dev.outbox.store.PendingQuery;
import dev.outbox.store.PlacedEvent;
import dev.outbox.store.StoredEvent;

/**
 * The table, in memory.
 */
class FakeTable implements OutboxStore {

	final NavigableMap<Long, OutboxRecord> rows = new ConcurrentSkipListMap<>();

	final Map<UUID, Long> ids = new LinkedHashMap<>();

	final Map<UUID, String> parked = new LinkedHashMap<>();

	final Set<UUID> blocked = new HashSet<>();

	// Whether it is known at the commit what precedes an event.
	boolean places;

	LongSupplier clock = () -> 1;

	// What happens between an insert and its commit.
	Consumer<List<PlacedEvent>> beforeCommit = (placed) -> {
	};

	boolean down;

	int looks;

	int lates;

	int rowsRead;

	// What happens between a look and its answer.
	Runnable looked = () -> {
	};

	private long lastId;

	@Override
	public List<PlacedEvent> insert(List<OutboxRecord> events) {
		List<PlacedEvent> placed = events.stream()
			.map((event) -> new PlacedEvent(event, ++this.lastId, this.clock.getAsLong()))
			.toList();
		this.beforeCommit.accept(placed);
		for (PlacedEvent stored : placed) {
			OutboxRecord event = stored.event();
			if (this.places) {
				stored.follow(this.rows.entrySet()
					.stream()
					.filter((row) -> row.getValue().orderingKey().equals(event.orderingKey()))
					.mapToLong(Map.Entry::getKey)
					.max()
					.orElse(0));
			}
			this.rows.put(stored.id(), event);
			this.ids.put(event.eventId(), stored.id());
		}
		return placed;
	}

	@Override
	public List<PendingEvent> pending(List<PendingQuery> queries) {
		checkUp();
		this.looks++;
		List<PendingEvent> found = new ArrayList<>();
		for (PendingQuery query : queries) {
			this.rows.tailMap(query.after(), false)
				.entrySet()
				.stream()
				.filter((row) -> row.getValue().orderingKey().equals(query.key()))
				.limit(query.limit())
				.forEach((row) -> found.add(pendingEvent(row.getKey(), row.getValue())));
		}
		this.rowsRead += found.size();
		this.looked.run();
		return found;
	}

	@Override
	public List<PendingEvent> pending(Collection<UUID> eventIds) {
		checkUp();
		this.lates++;
		return this.rows.entrySet()
			.stream()
			.filter((row) -> eventIds.contains(row.getValue().eventId()))
			.map((row) -> pendingEvent(row.getKey(), row.getValue()))
			.toList();
	}

	@Override
	public int clear(Collection<UUID> eventIds) {
		int before = this.rows.size();
		this.rows.values().removeIf((event) -> eventIds.contains(event.eventId()));
		return before - this.rows.size();
	}

	@Override
	public void park(UUID eventId, String reason, String error) {
		checkUp();
		this.parked.put(eventId, reason);
		clear(List.of(eventId));
	}

	@Override
	public void block(UUID eventId, String reason, String error) {
		checkUp();
		this.blocked.add(eventId);
	}

	@Override
	public void redirect(OutboxRecord event) {
		checkUp();
		this.rows.replaceAll((id, row) -> row.eventId().equals(event.eventId()) ? event : row);
	}

	List<ResendPage.Row> page(long after, int limit) {
		return this.rows.tailMap(after, false)
			.entrySet()
			.stream()
			.limit(limit)
			.map((row) -> row(row.getKey(), row.getValue(), this.blocked.contains(row.getValue().eventId())))
			.toList();
	}

	long lastId() {
		return this.lastId;
	}

	private void checkUp() {
		if (this.down) {
			throw new IllegalStateException("The database is down");
		}
	}

	private static ResendPage.Row row(long id, OutboxRecord event, boolean blocked) {
		return new ResendPage.Row(new StoredEvent(id, event, Duration.ofMinutes(1), 0, Duration.ZERO, blocked),
				!blocked, true);
	}

	private static PendingEvent pendingEvent(long id, OutboxRecord event) {
		return new PendingEvent(id, event.eventId(), event.orderingKey());
	}

}
