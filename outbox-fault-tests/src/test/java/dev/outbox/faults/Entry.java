package dev.outbox.faults;

import java.util.List;

import org.springframework.jdbc.core.JdbcTemplate;

/**
 * A committed event, as the ledger knows it.
 *
 * @param eventId its id
 * @param account its account, which is its key
 * @param sequence its number among those of the account
 * @param tooLarge whether its topic does not take it
 * @param changedAt when it was published, by the clock of {@link System#nanoTime()},
 * which the processes of a host share, and which does not jump
 */
record Entry(String eventId, int account, long sequence, boolean tooLarge, long changedAt) {

	static List<Entry> of(JdbcTemplate jdbc, String topic) {
		return jdbc.query(
				"SELECT event_id, account, sequence, too_large, changed_at FROM ledger_entry WHERE topic = ? "
						+ "ORDER BY account, sequence",
				(row, number) -> new Entry(row.getString(1), row.getInt(2), row.getLong(3), row.getBoolean(4),
						row.getLong(5)),
				topic);
	}

	@Override
	public String toString() {
		return this.account + "/" + this.sequence;
	}

}
