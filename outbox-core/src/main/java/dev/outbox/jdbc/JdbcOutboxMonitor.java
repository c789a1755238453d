package dev.outbox.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

import dev.outbox.OutboxMonitor;
import dev.outbox.OutboxStatus;
import dev.outbox.health.InstanceHealth;

/**
 * Reads the state of the outbox by one query, and adds what this instance has noticed.
 *
 * @since 0.1
 */
public final class JdbcOutboxMonitor implements OutboxMonitor {

	private static final int MOST = 100_000;

	private final OutboxJdbc jdbc;

	private final InstanceHealth health;

	private final String sql;

	/**
	 * Create a monitor.
	 * @param jdbc the database
	 * @param health what this instance has noticed
	 */
	public JdbcOutboxMonitor(OutboxJdbc jdbc, InstanceHealth health) {
		this.jdbc = jdbc;
		this.health = health;
		// What is blocked has no index. It is among the oldest that were sent in vain.
		this.sql = jdbc.sql("""
				SELECT (SELECT COUNT(*) FROM (SELECT outbox_id FROM ${prefix}outbox LIMIT %1$s) p),
					(SELECT %2$s FROM ${prefix}outbox ORDER BY outbox_id LIMIT 1),
					(SELECT COUNT(*) FROM (SELECT outbox_id FROM ${prefix}outbox_parked LIMIT %1$s) q),
					(SELECT COUNT(*) FROM
						(SELECT outbox_id, blocked_at FROM ${prefix}outbox_attempt ORDER BY outbox_id LIMIT %1$s) a
						JOIN ${prefix}outbox o ON o.outbox_id = a.outbox_id WHERE a.blocked_at IS NOT NULL),
					(SELECT %3$s FROM ${prefix}outbox_lock WHERE lock_name = 'paused')""".formatted(MOST,
				jdbc.dialect().age("created_at"), jdbc.dialect().age("locked_until")));
	}

	@Override
	public OutboxStatus status() {
		return this.jdbc.read(this.sql, (statement) -> {
		}, this::status);
	}

	private OutboxStatus status(ResultSet row) throws SQLException {
		row.next();
		long pending = row.getLong(1);
		Duration oldest = duration(row, 2).orElse(Duration.ZERO);
		return new OutboxStatus(pending, oldest, row.getLong(3), row.getLong(4), duration(row, 5),
				this.health.skipped(), this.health.troubles(pending > 0));
	}

	private static Optional<Duration> duration(ResultSet row, int column) throws SQLException {
		long millis = row.getLong(column);
		return row.wasNull() ? Optional.empty() : Optional.of(Duration.ofMillis(Math.max(0, millis)));
	}

}
