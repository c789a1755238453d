package dev.outbox.jdbc;

import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Moves rows from table {@code outbox} to table {@code outbox_parked}.
 */
final class Parking {

	private static final String EVENT = "outbox_id, event_id, event_type, topic, partition_key, payload, headers, created_at";

	private final OutboxJdbc jdbc;

	Parking(OutboxJdbc jdbc) {
		this.jdbc = jdbc;
	}

	// The column is one of the two that identify a row.
	void park(String column, Object value, String reason, String error) {
		this.jdbc.inTransaction(() -> {
			JdbcTemplate template = this.jdbc.template();
			template.update(
					"""
							INSERT INTO outbox_parked (%s, reason, error_class, parked_at, parked_by)
							SELECT %s, ?, ?, %s, ? FROM outbox WHERE %s = ?""".formatted(EVENT, EVENT,
							this.jdbc.dialect().now(), column),
					OutboxJdbc.cut(reason, OutboxJdbc.LONGEST_REASON), OutboxJdbc.cut(error, OutboxJdbc.LONGEST_NAME),
					this.jdbc.instance(), value);
			template.update("DELETE FROM outbox WHERE " + column + " = ?", value);
		});
	}

}
