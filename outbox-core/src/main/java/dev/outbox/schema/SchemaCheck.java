package dev.outbox.schema;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import javax.sql.DataSource;

import dev.outbox.OutboxException;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Checks that the tables are there and have all columns that this version needs.
 *
 * @since 0.1
 */
public final class SchemaCheck {

	private static final String EVENT = "outbox_id, event_id, event_type, topic, partition_key, payload, headers, created_at";

	private static final Map<String, String> COLUMNS = new TreeMap<>(
			Map.of("outbox", EVENT, "outbox_attempt", "outbox_id, attempts, attempted_at, last_error", "outbox_parked",
					EVENT + ", reason, error_class, parked_at, parked_by", "outbox_lock",
					"lock_name, locked_by, locked_until"));

	private final JdbcTemplate jdbc;

	private final String vendor;

	/**
	 * Create a check.
	 * @param dataSource the data source of the outbox
	 * @param vendor names the database's scripts
	 */
	public SchemaCheck(DataSource dataSource, String vendor) {
		this.jdbc = new JdbcTemplate(dataSource);
		this.vendor = vendor;
	}

	/**
	 * Check the tables.
	 * @throws OutboxException if one is missing or older than this version needs
	 */
	public void check() {
		COLUMNS.forEach(this::check);
		List<String> locks = this.jdbc.queryForList("SELECT lock_name FROM outbox_lock WHERE lock_name = 'relay'",
				String.class);
		if (locks.isEmpty()) {
			throw new OutboxException("Table outbox_lock has no row 'relay'. " + advice());
		}
	}

	private void check(String table, String columns) {
		try {
			this.jdbc.query("SELECT " + columns + " FROM " + table + " WHERE 1 = 0", (row) -> {
			});
		}
		catch (BadSqlGrammarException ex) {
			throw new OutboxException(
					"Table %s is missing or older than this version of the outbox needs. %s".formatted(table, advice()),
					ex);
		}
		catch (DataAccessException ex) {
			throw new OutboxException("Table %s cannot be read: %s".formatted(table, ex.getMessage()), ex);
		}
	}

	private String advice() {
		return "Run the scripts of db/%s that have not been run yet, or set outbox.schema.migrate=true and have Flyway on the class path"
			.formatted(this.vendor);
	}

}
