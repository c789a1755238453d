package dev.outbox.jdbc;

import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Moves rows from table {@code outbox} to table {@code outbox_parked}.
 */
final class Parking {

	private static final String EVENT = "outbox_id, event_id, event_type, topic, partition_key, payload, headers, created_at";

	private final OutboxJdbc jdbc;

	private final String lock;

	private final String copy;

	private final String delete;

	// The column is one of the two that identify a row.
	Parking(OutboxJdbc jdbc, String column) {
		this.jdbc = jdbc;
		this.lock = jdbc.sql("SELECT outbox_id FROM ${prefix}outbox WHERE %s = ? FOR UPDATE".formatted(column));
		this.copy = jdbc.sql("""
				INSERT INTO ${prefix}outbox_parked (%s, reason, error_class, parked_at, parked_by, attempts)
				SELECT %s, ?, ?, %s, ?, COALESCE(
					(SELECT a.attempts FROM ${prefix}outbox_attempt a WHERE a.outbox_id = o.outbox_id), 0)
				FROM ${prefix}outbox o WHERE %s = ?""".formatted(EVENT, EVENT, jdbc.dialect().now(), column));
		this.delete = jdbc.sql("DELETE FROM ${prefix}outbox WHERE %s = ?".formatted(column));
	}

	// The row is locked first: who clears or parks it at the same time leaves nothing to
	// copy.
	void park(Object value, String reason, String error) {
		this.jdbc.inTransaction(() -> {
			JdbcTemplate template = this.jdbc.template();
			if (template.queryForList(this.lock, Long.class, value).isEmpty()) {
				return 0;
			}
			template.update(this.copy, OutboxJdbc.cut(reason, OutboxJdbc.LONGEST_REASON),
					OutboxJdbc.cut(error, OutboxJdbc.LONGEST_NAME), this.jdbc.instance(), value);
			return template.update(this.delete, value);
		});
	}

}
