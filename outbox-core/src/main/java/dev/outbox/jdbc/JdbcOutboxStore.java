package dev.outbox.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

import dev.outbox.store.OrderingKey;
import dev.outbox.store.OutboxRecord;
import dev.outbox.store.OutboxStore;
import dev.outbox.store.PendingEvent;
import dev.outbox.store.PendingQuery;
import dev.outbox.store.PlacedEvent;

import org.springframework.jdbc.core.ArgumentPreparedStatementSetter;
import org.springframework.jdbc.core.PreparedStatementCreator;
import org.springframework.jdbc.core.ResultSetExtractor;
import org.springframework.jdbc.core.RowMapperResultSetExtractor;
import org.springframework.jdbc.core.SqlProvider;

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

	private final boolean ids;

	private final SqlByCount insert;

	private final PendingSearch pendingSearch;

	private final SqlByCount pendingQueries;

	private final SqlByCount pendingIds;

	private final SqlByCount clear;

	/**
	 * Create a store that tells the ids of events where the database does.
	 * @param jdbc the database
	 */
	public JdbcOutboxStore(OutboxJdbc jdbc) {
		this(jdbc, true);
	}

	/**
	 * Create a store.
	 * @param jdbc the database
	 * @param ids whether anybody wants to know the ids of events
	 */
	public JdbcOutboxStore(OutboxJdbc jdbc, boolean ids) {
		this.jdbc = jdbc;
		this.ids = ids;
		this.parking = new Parking(jdbc, "event_id");
		this.blocking = new Blocking(jdbc);
		this.redirect = jdbc.sql("UPDATE ${prefix}outbox SET topic = ?, headers = ? WHERE event_id = ? AND topic <> ?");
		this.insert = SqlByCount.repeated(
				jdbc.sql("INSERT INTO ${prefix}outbox "
						+ "(event_id, event_type, topic, partition_key, payload, headers, created_at) VALUES "),
				"(?, ?, ?, ?, ?, ?, " + jdbc.dialect().now() + ")", ", ", "");
		this.pendingSearch = jdbc.dialect().pending();
		this.pendingQueries = new SqlByCount((count) -> jdbc.sql(this.pendingSearch.sql(count)));
		this.pendingIds = SqlByCount
			.in(jdbc.sql("SELECT outbox_id, event_id, topic, partition_key FROM ${prefix}outbox WHERE event_id IN"));
		this.clear = SqlByCount.in(jdbc.sql(jdbc.dialect().clear()));
	}

	@Override
	public List<PlacedEvent> insert(List<OutboxRecord> events) {
		List<PlacedEvent> stored = new ArrayList<>(events.size());
		parts(events).forEach((part) -> stored.addAll(insertAll(part)));
		return stored;
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

	private List<PlacedEvent> insertAll(List<OutboxRecord> events) {
		long storedAt = System.nanoTime();
		return Objects.requireNonNull(this.jdbc.keepingTemplate()
			.execute(new Insert(this.insert.of(events.size()), this.ids), (PreparedStatement statement) -> {
				bind(statement, events);
				statement.executeUpdate();
				return placed(events, storedAt, this.ids ? ids(events, statement) : Map.of());
			}));
	}

	private static void bind(PreparedStatement statement, List<OutboxRecord> events) throws SQLException {
		int index = 1;
		for (OutboxRecord event : events) {
			statement.setString(index++, event.eventId().toString());
			statement.setString(index++, event.eventType());
			statement.setString(index++, event.topic());
			statement.setString(index++, event.partitionKey());
			statement.setString(index++, event.payload());
			statement.setString(index++, HeadersText.write(event.headers()));
		}
	}

	// MySQL and MariaDB tell the first row's id only, and do not promise how those of the
	// others follow it.
	private static Map<String, Long> ids(List<OutboxRecord> events, PreparedStatement statement) throws SQLException {
		Map<String, Long> ids = new HashMap<>();
		try (ResultSet rows = statement.getGeneratedKeys()) {
			if (rows.getMetaData().getColumnCount() == Insert.KEYS.length) {
				while (rows.next()) {
					ids.put(rows.getString(2), rows.getLong(1));
				}
			}
			else if (events.size() == 1 && rows.next()) {
				ids.put(events.get(0).eventId().toString(), rows.getLong(1));
			}
		}
		return ids;
	}

	private static List<PlacedEvent> placed(List<OutboxRecord> events, long storedAt, Map<String, Long> ids) {
		return events.stream()
			.map((event) -> new PlacedEvent(event, ids.getOrDefault(event.eventId().toString(), 0L), storedAt))
			.sorted(Comparator.comparingLong(PlacedEvent::id))
			.toList();
	}

	@Override
	public List<PendingEvent> pending(List<PendingQuery> queries) {
		List<PendingEvent> events = new ArrayList<>();
		for (List<PendingQuery> some : OutboxJdbc.parts(queries, this.pendingSearch.mostQueries())) {
			events.addAll(this.jdbc.query(this.pendingQueries.of(some.size()), PENDING,
					(statement) -> this.pendingSearch.execute(statement, some)));
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

	/**
	 * An insert, for which the database is to tell the ids of the rows or not.
	 *
	 * @param getSql the statement
	 * @param ids whether the ids are wanted
	 */
	private record Insert(String getSql, boolean ids) implements PreparedStatementCreator, SqlProvider {

		static final String[] KEYS = { "outbox_id", "event_id" };

		@Override
		public PreparedStatement createPreparedStatement(Connection connection) throws SQLException {
			return this.ids ? connection.prepareStatement(this.getSql, KEYS) : connection.prepareStatement(this.getSql);
		}

	}

}
