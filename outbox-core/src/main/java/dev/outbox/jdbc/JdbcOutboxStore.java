package dev.outbox.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.ToLongFunction;

import dev.outbox.store.OrderingKey;
import dev.outbox.store.OutboxRecord;
import dev.outbox.store.OutboxStore;
import dev.outbox.store.PendingEvent;
import dev.outbox.store.PendingQuery;
import dev.outbox.store.PlacedEvent;

import org.springframework.jdbc.core.ArgumentPreparedStatementSetter;
import org.springframework.jdbc.core.ResultSetExtractor;
import org.springframework.jdbc.core.RowMapperResultSetExtractor;

/**
 * Keeps events in table {@code outbox}.
 *
 * @since 0.1
 */
public final class JdbcOutboxStore implements OutboxStore {

	private static final int ROWS_PER_INSERT = 500;

	private static final int CHARACTERS_PER_INSERT = 4_000_000;

	private static final int IDS_PER_STATEMENT = 1000;

	private static final ResultSetExtractor<List<PendingEvent>> PENDING = new RowMapperResultSetExtractor<>(
			JdbcOutboxStore::pendingEvent);

	private final OutboxJdbc jdbc;

	private final Parking parking;

	private final Blocking blocking;

	private final String redirect;

	private final boolean places;

	private final SqlByCount insert;

	private final SqlByCount insertOfKey;

	private final SqlByCount insertOfKeys;

	private final SqlByCount pendingQueries;

	private final SqlByCount pendingIds;

	private final SqlByCount clear;

	/**
	 * Create a store that tells the places of events where the database can.
	 * @param jdbc the database
	 */
	public JdbcOutboxStore(OutboxJdbc jdbc) {
		this(jdbc, true);
	}

	/**
	 * Create a store.
	 * @param jdbc the database
	 * @param ordered whether anybody wants to know the places of events
	 */
	public JdbcOutboxStore(OutboxJdbc jdbc, boolean ordered) {
		this.jdbc = jdbc;
		this.places = ordered && !jdbc.dialect().places(true).isEmpty();
		this.parking = new Parking(jdbc, "event_id");
		this.blocking = new Blocking(jdbc);
		this.redirect = jdbc.sql("UPDATE ${prefix}outbox SET topic = ?, headers = ? WHERE event_id = ? AND topic <> ?");
		this.insert = insert(jdbc, "");
		this.insertOfKey = insert(jdbc, jdbc.dialect().places(true));
		this.insertOfKeys = insert(jdbc, jdbc.dialect().places(false));
		this.pendingQueries = new SqlByCount((count) -> jdbc.sql(jdbc.dialect().pending(count)));
		this.pendingIds = SqlByCount
			.in(jdbc.sql("SELECT outbox_id, event_id, topic, partition_key FROM ${prefix}outbox WHERE event_id IN"));
		this.clear = SqlByCount.in(jdbc.sql(jdbc.dialect().clear()));
	}

	@Override
	public void insert(List<OutboxRecord> events) {
		parts(events).forEach(this::insertAll);
	}

	@Override
	public List<PlacedEvent> insert(List<OutboxRecord> events, ToLongFunction<OrderingKey> sentTo) {
		if (!this.places) {
			insert(events);
			return events.stream().map(PlacedEvent::unplaced).toList();
		}
		List<PlacedEvent> placed = new ArrayList<>(events.size());
		parts(events).forEach((part) -> placed.addAll(insertAll(part, sentTo)));
		return placed;
	}

	private static List<List<OutboxRecord>> parts(List<OutboxRecord> events) {
		List<List<OutboxRecord>> parts = new ArrayList<>(1);
		int from = 0;
		while (from < events.size()) {
			int to = from;
			long characters = 0;
			while (to < events.size() && to - from < ROWS_PER_INSERT
					&& (to == from || characters + events.get(to).size() <= CHARACTERS_PER_INSERT)) {
				characters += events.get(to++).size();
			}
			parts.add(events.subList(from, to));
			from = to;
		}
		return parts;
	}

	private static SqlByCount insert(OutboxJdbc jdbc, String returning) {
		return SqlByCount.repeated(
				jdbc.sql("INSERT INTO ${prefix}outbox "
						+ "(event_id, event_type, topic, partition_key, payload, headers, created_at) VALUES "),
				"(?, ?, ?, ?, ?, ?, " + jdbc.dialect().now() + ")", ", ", jdbc.sql(returning));
	}

	private void insertAll(List<OutboxRecord> events) {
		this.jdbc.insertTemplate().update(this.insert.of(events.size()), (statement) -> bind(statement, events));
	}

	private List<PlacedEvent> insertAll(List<OutboxRecord> events, ToLongFunction<OrderingKey> sentTo) {
		long storedAt = System.nanoTime();
		List<OutboxRecord> firsts = firsts(events);
		Long[] sent = sentTo(events, firsts, sentTo);
		String sql = ((firsts.size() == 1) ? this.insertOfKey : this.insertOfKeys).of(events.size());
		return Objects.requireNonNull(this.jdbc.insertTemplate()
			.query(sql, (statement) -> bind(statement, bind(statement, events), firsts, sent),
					(ResultSet rows) -> placed(events, storedAt, rows)));
	}

	// The first event of each key, whatever its topic. What precedes it is asked once for
	// the key: the question costs as much as a row.
	private static List<OutboxRecord> firsts(List<OutboxRecord> events) {
		Map<String, OutboxRecord> firsts = new LinkedHashMap<>();
		events.forEach((event) -> firsts.putIfAbsent(event.partitionKey(), event));
		return List.copyOf(firsts.values());
	}

	// For a key of two topics the lower id counts.
	private static Long[] sentTo(List<OutboxRecord> events, List<OutboxRecord> firsts,
			ToLongFunction<OrderingKey> sentTo) {
		Map<String, Long> sent = new HashMap<>();
		for (OutboxRecord event : events) {
			sent.merge(event.partitionKey(), sentTo.applyAsLong(event.orderingKey()), Math::min);
		}
		return firsts.stream().map((first) -> sent.get(first.partitionKey())).toArray(Long[]::new);
	}

	private static int bind(PreparedStatement statement, List<OutboxRecord> events) throws SQLException {
		int index = 1;
		for (OutboxRecord event : events) {
			statement.setString(index++, event.eventId().toString());
			statement.setString(index++, event.eventType());
			statement.setString(index++, event.topic());
			statement.setString(index++, event.partitionKey());
			statement.setString(index++, event.payload());
			statement.setString(index++, HeadersText.write(event.headers()));
		}
		return index;
	}

	private static void bind(PreparedStatement statement, int index, List<OutboxRecord> firsts, Long[] sent)
			throws SQLException {
		if (sent.length == 1) {
			statement.setString(index, firsts.get(0).eventId().toString());
			statement.setLong(index + 1, sent[0]);
			return;
		}
		Connection connection = statement.getConnection();
		Object[] ids = firsts.stream().map((first) -> first.eventId().toString()).toArray();
		statement.setArray(index, connection.createArrayOf("varchar", ids));
		statement.setArray(index + 1, connection.createArrayOf("bigint", sent));
		statement.setArray(index + 2, connection.createArrayOf("varchar", ids));
	}

	// The database tells what precedes the statement's rows of a key; among themselves
	// they follow each other.
	private static List<PlacedEvent> placed(List<OutboxRecord> events, long storedAt, ResultSet rows)
			throws SQLException {
		Map<String, OutboxRecord> byId = new HashMap<>();
		for (OutboxRecord event : events) {
			byId.put(event.eventId().toString(), event);
		}
		Map<String, Long> preceding = new HashMap<>();
		List<PlacedEvent> placed = new ArrayList<>(events.size());
		while (rows.next()) {
			OutboxRecord event = Objects.requireNonNull(byId.get(rows.getString(2)));
			long id = rows.getLong(1);
			long highest = rows.getLong(3);
			if (!rows.wasNull()) {
				preceding.put(event.partitionKey(), highest);
			}
			placed.add(new PlacedEvent(event, id, PlacedEvent.UNKNOWN, storedAt));
		}
		placed.sort(Comparator.comparingLong(PlacedEvent::id));
		Map<OrderingKey, Long> last = new HashMap<>();
		placed.replaceAll((event) -> {
			Long before = last.put(event.event().orderingKey(), event.id());
			long known = preceding.getOrDefault(event.event().partitionKey(), PlacedEvent.UNKNOWN);
			return new PlacedEvent(event.event(), event.id(), known, storedAt).after((before != null) ? before : 0);
		});
		return placed;
	}

	@Override
	public List<PendingEvent> pending(List<PendingQuery> queries) {
		List<PendingEvent> events = new ArrayList<>();
		for (List<PendingQuery> some : OutboxJdbc.parts(queries, this.jdbc.dialect().mostQueries())) {
			events.addAll(this.jdbc.read(this.pendingQueries.of(some.size()),
					(statement) -> this.jdbc.dialect().bind(statement, some), PENDING));
		}
		return events;
	}

	@Override
	public List<PendingEvent> pending(Collection<UUID> eventIds) {
		List<PendingEvent> events = new ArrayList<>();
		for (List<String> some : OutboxJdbc.parts(sorted(eventIds), IDS_PER_STATEMENT)) {
			events.addAll(this.jdbc.read(this.pendingIds.of(some.size()),
					new ArgumentPreparedStatementSetter(some.toArray()), PENDING));
		}
		return events;
	}

	// Sorted, so that two that clear the same events lock them in the same order.
	@Override
	public int clear(Collection<UUID> eventIds) {
		int cleared = 0;
		for (List<String> some : OutboxJdbc.parts(sorted(eventIds), IDS_PER_STATEMENT)) {
			cleared += this.jdbc.write(this.clear.of(some.size()), some.toArray());
		}
		return cleared;
	}

	@Override
	public void park(UUID eventId, String reason, String error) {
		this.parking.park(eventId.toString(), reason, error);
	}

	@Override
	public void block(UUID eventId, String reason, String error) {
		this.blocking.block(eventId.toString(), reason, error);
	}

	// Not a new row: to store the same event id again InnoDB would wait for whoever is
	// storing a neighbouring one.
	@Override
	public void redirect(OutboxRecord event) {
		this.jdbc.write(this.redirect, event.topic(), HeadersText.write(event.headers()), event.eventId().toString(),
				event.topic());
	}

	private static PendingEvent pendingEvent(ResultSet row, int number) throws SQLException {
		return new PendingEvent(row.getLong(1), UUID.fromString(row.getString(2)),
				new OrderingKey(row.getString(3), row.getString(4)));
	}

	private static List<String> sorted(Collection<UUID> eventIds) {
		return eventIds.stream().map(UUID::toString).distinct().sorted().toList();
	}

}
