package dev.outbox.jdbc;

import java.util.List;

import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Marks rows of table {@code outbox} that keep their keys waiting, in table
 * {@code outbox_attempt}.
 */
final class Blocking {

	private final OutboxJdbc jdbc;

	private final String lock;

	private final String update;

	private final String insert;

	Blocking(OutboxJdbc jdbc) {
		this.jdbc = jdbc;
		String now = jdbc.dialect().now();
		this.lock = jdbc.sql("SELECT outbox_id FROM ${prefix}outbox WHERE event_id = ? FOR UPDATE");
		this.update = jdbc.sql("""
				UPDATE ${prefix}outbox_attempt SET last_error = ?, error_class = ?, blocked_by = ?,
					blocked_at = COALESCE(blocked_at, %s)
				WHERE outbox_id = ?""".formatted(now));
		this.insert = jdbc.sql("""
				INSERT INTO ${prefix}outbox_attempt
					(last_error, error_class, blocked_by, outbox_id, attempts, attempted_at, blocked_at)
				VALUES (?, ?, ?, ?, 0, %1$s, %1$s)""".formatted(now));
	}

	// The row is locked first: who blocks it at the same time finds the mark.
	void block(String eventId, String reason, String error) {
		this.jdbc.inTransaction(() -> {
			JdbcTemplate template = this.jdbc.template();
			List<Long> ids = template.queryForList(this.lock, Long.class, eventId);
			for (long id : ids) {
				Object[] mark = { OutboxJdbc.cut(reason, OutboxJdbc.LONGEST_REASON),
						OutboxJdbc.cut(error, OutboxJdbc.LONGEST_NAME), this.jdbc.instance(), id };
				if (template.update(this.update, mark) == 0) {
					template.update(this.insert, mark);
				}
			}
			return ids.size();
		});
	}

}
