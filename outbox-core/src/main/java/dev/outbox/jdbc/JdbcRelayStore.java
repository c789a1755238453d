package dev.outbox.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

import dev.outbox.store.Attempt;
import dev.outbox.store.OutboxRecord;
import dev.outbox.store.PendingSize;
import dev.outbox.store.RelayLook;
import dev.outbox.store.RelayStore;
import dev.outbox.store.StoredEvent;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

import org.springframework.jdbc.core.ArgumentPreparedStatementSetter;
import org.springframework.jdbc.core.ResultSetExtractor;
import org.springframework.jdbc.core.RowMapperResultSetExtractor;

/**
 * Reads what is pending and keeps the attempts in table {@code outbox_attempt}.
 *
 * @since 0.1
 */
public final class JdbcRelayStore implements RelayStore {

	private static final Logger logger = LoggerFactory.getLogger(JdbcRelayStore.class);

	private static final int FORGOTTEN_AT_ONCE = 1000;

	private static final ResultSetExtractor<List<Long>> IDS = new RowMapperResultSetExtractor<>(
			(row, number) -> row.getLong(1));

	private static final ResultSetExtractor<List<PendingSize>> SIZES = new RowMapperResultSetExtractor<>(
			(row, number) -> new PendingSize(row.getLong(1), row.getLong(2)));

	private final OutboxJdbc jdbc;

	private final Parking parking;

	private final String look;

	private final String sizes;

	private final String page;

	private final SqlByCount record;

	private final String forgettable;

	private final SqlByCount forget;

	/**
	 * Create a store.
	 * @param jdbc the database
	 */
	public JdbcRelayStore(OutboxJdbc jdbc) {
		this.jdbc = jdbc;
		this.parking = new Parking(jdbc, "outbox_id");
		this.look = jdbc.sql("SELECT (SELECT %s FROM ${prefix}outbox ORDER BY outbox_id LIMIT 1), %s"
			.formatted(jdbc.dialect().age("created_at"), JdbcRelayLock.PAUSED));
		this.sizes = jdbc.sql("""
				SELECT outbox_id, OCTET_LENGTH(payload) FROM ${prefix}outbox WHERE outbox_id > ?
				ORDER BY outbox_id LIMIT ?""");
		// Not a join: without attempts MySQL would read and sort all events for it.
		this.page = jdbc.sql("""
				SELECT o.outbox_id, o.event_id, o.event_type, o.topic, o.partition_key, o.payload, o.headers, %s,
					COALESCE((SELECT a.attempts FROM ${prefix}outbox_attempt a WHERE a.outbox_id = o.outbox_id), 0),
					COALESCE((SELECT %s FROM ${prefix}outbox_attempt a WHERE a.outbox_id = o.outbox_id), 0),
					(SELECT COUNT(a.blocked_at) FROM ${prefix}outbox_attempt a WHERE a.outbox_id = o.outbox_id)
				FROM ${prefix}outbox o WHERE o.outbox_id > ? AND o.outbox_id <= ? ORDER BY o.outbox_id LIMIT ?"""
			.formatted(jdbc.dialect().age("o.created_at"), jdbc.dialect().age("a.attempted_at")));
		this.record = new SqlByCount((count) -> jdbc.sql(jdbc.dialect().recordAttempts(count)));
		this.forgettable = jdbc.sql("""
				SELECT a.outbox_id FROM ${prefix}outbox_attempt a WHERE a.outbox_id > ? AND NOT EXISTS
				(SELECT 1 FROM ${prefix}outbox o WHERE o.outbox_id = a.outbox_id)
				ORDER BY a.outbox_id LIMIT %s""".formatted(FORGOTTEN_AT_ONCE));
		this.forget = SqlByCount.in(jdbc.sql("DELETE FROM ${prefix}outbox_attempt WHERE outbox_id IN"));
	}

	@Override
	public RelayLook look() {
		return this.jdbc.read(this.look, (statement) -> {
		}, (row) -> {
			row.next();
			long age = row.getLong(1);
			return new RelayLook(row.wasNull() ? Optional.empty() : Optional.of(Duration.ofMillis(age)),
					row.getInt(2) > 0);
		});
	}

	@Override
	public List<PendingSize> sizes(long after, int limit) {
		return this.jdbc.read(this.sizes, new ArgumentPreparedStatementSetter(new Object[] { after, limit }), SIZES);
	}

	@Override
	public List<StoredEvent> page(long after, long upTo, int limit) {
		while (true) {
			Map<Long, RuntimeException> unreadable = new LinkedHashMap<>();
			List<StoredEvent> page = this.jdbc.read(this.page,
					new ArgumentPreparedStatementSetter(new Object[] { after, upTo, limit }),
					(rows) -> storedEvents(rows, unreadable));
			if (unreadable.isEmpty()) {
				return page;
			}
			unreadable.forEach(this::park);
		}
	}

	private static List<StoredEvent> storedEvents(ResultSet rows, Map<Long, RuntimeException> unreadable)
			throws SQLException {
		List<StoredEvent> events = new ArrayList<>();
		while (rows.next()) {
			try {
				events.add(storedEvent(rows));
			}
			catch (IllegalArgumentException | JacksonException ex) {
				unreadable.put(rows.getLong(1), ex);
			}
		}
		return events;
	}

	private void park(long id, RuntimeException reason) {
		this.parking.park(id, "The row cannot be read: " + reason.getMessage(), reason.getClass().getSimpleName());
		logger.error("Row {} cannot be read and was parked until an operator decides: {}", id, reason.getMessage());
	}

	@Override
	public void recordAttempts(List<Attempt> attempts) {
		if (attempts.isEmpty()) {
			return;
		}
		// Sorted, so that two relays that record the same events lock them in the same
		// order.
		List<@Nullable Object> arguments = new ArrayList<>();
		attempts.stream().sorted(Comparator.comparingLong(Attempt::id)).forEach((attempt) -> {
			arguments.add(attempt.id());
			arguments.add(reason(attempt));
		});
		String sql = this.record.of(attempts.size());
		this.jdbc.inTransaction(() -> this.jdbc.template().update(sql, arguments.toArray()));
	}

	@Override
	public void forgetAttempts() {
		// Not one statement: MySQL and MariaDB would wait for every event that is being
		// stored, to see whether it is there.
		List<Long> gone = forgettable(0);
		while (!gone.isEmpty()) {
			this.jdbc.write(this.forget.of(gone.size()), gone.toArray());
			gone = forgettable(gone.get(gone.size() - 1));
		}
	}

	private List<Long> forgettable(long after) {
		return this.jdbc.read(this.forgettable, (statement) -> statement.setLong(1, after), IDS);
	}

	private static @Nullable String reason(Attempt attempt) {
		String error = attempt.error();
		return (error != null) ? OutboxJdbc.cut(error, OutboxJdbc.LONGEST_REASON) : null;
	}

	private static StoredEvent storedEvent(ResultSet row) throws SQLException {
		OutboxRecord event = new OutboxRecord(UUID.fromString(row.getString(2)), row.getString(3), row.getString(4),
				row.getString(5), row.getString(6), HeadersText.read(row.getString(7)));
		return new StoredEvent(row.getLong(1), event, Duration.ofMillis(row.getLong(8)), row.getInt(9),
				Duration.ofMillis(row.getLong(10)), row.getInt(11) > 0);
	}

}
