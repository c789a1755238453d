package dev.outbox.jdbc;

import java.time.Duration;

import dev.outbox.OutboxMonitor;
import dev.outbox.OutboxStatus;

/**
 * Reads the state of the outbox by one query.
 *
 * @since 0.1
 */
public final class JdbcOutboxMonitor implements OutboxMonitor {

	private static final int MOST = 100_000;

	private final OutboxJdbc jdbc;

	private final String sql;

	/**
	 * Create a monitor.
	 * @param jdbc the database
	 */
	public JdbcOutboxMonitor(OutboxJdbc jdbc) {
		this.jdbc = jdbc;
		this.sql = jdbc.sql("""
				SELECT (SELECT COUNT(*) FROM (SELECT outbox_id FROM ${prefix}outbox LIMIT %d) p),
					(SELECT %s FROM ${prefix}outbox ORDER BY outbox_id LIMIT 1),
					(SELECT COUNT(*) FROM (SELECT outbox_id FROM ${prefix}outbox_parked LIMIT %d) q)""".formatted(MOST,
				jdbc.dialect().age("created_at"), MOST));
	}

	@Override
	public OutboxStatus status() {
		return this.jdbc.read(this.sql, (statement) -> {
		}, (row) -> {
			row.next();
			return new OutboxStatus(row.getLong(1), Duration.ofMillis(Math.max(0, row.getLong(2))), row.getLong(3));
		});
	}

}
