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
 */
record Entry(String eventId, int account, long sequence, boolean tooLarge) {

	static List<Entry> of(JdbcTemplate jdbc, String topic) {
		return jdbc.query(
				"SELECT event_id, account, sequence, too_large FROM ledger_entry WHERE topic = ? "
						+ "ORDER BY account, sequence",
				(row, number) -> new Entry(row.getString(1), row.getInt(2), row.getLong(3), row.getBoolean(4)), topic);
	}

	@Override
	public String toString() {
		return this.account + "/" + this.sequence;
	}

}
