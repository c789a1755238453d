package dev.outbox.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;

import dev.outbox.BlockedRow;
import dev.outbox.ParkedRow;
import dev.outbox.PendingRow;

/**
 * The lists that an operator reads.
 */
final class RowLists {

	private static final String EVENT = "outbox_id, event_id, event_type, topic, partition_key";

	final RowQuery<PendingRow> pending;

	final RowQuery<ParkedRow> parked;

	final RowQuery<BlockedRow> blocked;

	RowLists(OutboxJdbc jdbc) {
		this.pending = new RowQuery<>(jdbc, """
				SELECT %s, %s,
					COALESCE((SELECT a.attempts FROM ${prefix}outbox_attempt a WHERE a.outbox_id = o.outbox_id), 0),
					(SELECT a.last_error FROM ${prefix}outbox_attempt a WHERE a.outbox_id = o.outbox_id)
				FROM ${prefix}outbox o""".formatted(EVENT, jdbc.dialect().age("created_at")), "created_at",
				RowLists::pendingRow);
		this.parked = new RowQuery<>(jdbc,
				"SELECT %s, %s, reason, error_class, attempts, parked_by FROM ${prefix}outbox_parked".formatted(EVENT,
						jdbc.dialect().age("parked_at")),
				"parked_at", RowLists::parkedRow);
		this.blocked = new RowQuery<>(jdbc, """
				SELECT %s, %s, last_error, error_class, attempts, blocked_by FROM (
					SELECT o.outbox_id, o.event_id, o.event_type, o.topic, o.partition_key, a.last_error, a.error_class,
						a.attempts, a.blocked_at, a.blocked_by
					FROM ${prefix}outbox_attempt a JOIN ${prefix}outbox o ON o.outbox_id = a.outbox_id
					WHERE a.blocked_at IS NOT NULL) b""".formatted(EVENT, jdbc.dialect().age("blocked_at")),
				"blocked_at", RowLists::blockedRow);
	}

	private static PendingRow pendingRow(ResultSet row, int number) throws SQLException {
		return new PendingRow(row.getLong(1), row.getString(2), row.getString(3), row.getString(4), row.getString(5),
				Duration.ofMillis(row.getLong(6)), row.getInt(7), row.getString(8));
	}

	private static ParkedRow parkedRow(ResultSet row, int number) throws SQLException {
		return new ParkedRow(row.getLong(1), row.getString(2), row.getString(3), row.getString(4), row.getString(5),
				Duration.ofMillis(row.getLong(6)), row.getString(7), row.getString(8), row.getInt(9),
				row.getString(10));
	}

	private static BlockedRow blockedRow(ResultSet row, int number) throws SQLException {
		return new BlockedRow(row.getLong(1), row.getString(2), row.getString(3), row.getString(4), row.getString(5),
				Duration.ofMillis(row.getLong(6)), row.getString(7), row.getString(8), row.getInt(9),
				row.getString(10));
	}

}
