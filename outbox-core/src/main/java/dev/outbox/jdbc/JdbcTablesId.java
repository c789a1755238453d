package dev.outbox.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;

/**
 * The id of the outbox's tables, which the first of the instances on them makes up and
 * all of them share: who has another one keeps his events elsewhere.
 *
 * @since 0.1
 */
public final class JdbcTablesId {

	private static final int LENGTH = 12;

	private final OutboxJdbc jdbc;

	private final String read;

	private final String create;

	/**
	 * Create it.
	 * @param jdbc the database
	 */
	public JdbcTablesId(OutboxJdbc jdbc) {
		this.jdbc = jdbc;
		this.read = jdbc.sql("SELECT locked_by FROM ${prefix}outbox_lock WHERE lock_name = 'id'");
		// Read from the row that is always there, so that it is one guarded statement.
		this.create = jdbc.sql("""
				INSERT INTO ${prefix}outbox_lock (lock_name, locked_by, locked_until)
				SELECT 'id', ?, %s FROM ${prefix}outbox_lock r WHERE r.lock_name = 'relay'
					AND NOT EXISTS (SELECT 1 FROM ${prefix}outbox_lock i WHERE i.lock_name = 'id')"""
			.formatted(jdbc.dialect().now()));
	}

	/**
	 * Read the id, or make it up if there is none yet.
	 * @return 12 hexadecimal digits
	 */
	public String get() {
		String known = read();
		if (known.isEmpty()) {
			String id = UUID.randomUUID().toString().replace("-", "").substring(0, LENGTH);
			this.jdbc.inTransaction(() -> this.jdbc.template().update(this.create, id));
			known = read();
		}
		return known;
	}

	private String read() {
		return this.jdbc.read(this.read, (statement) -> {
		}, JdbcTablesId::id);
	}

	private static String id(ResultSet row) throws SQLException {
		return row.next() ? row.getString(1) : "";
	}

}
