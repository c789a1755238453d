package dev.outbox.schema;

import java.util.Map;
import java.util.TreeMap;

import javax.sql.DataSource;

import dev.outbox.OutboxException;
import dev.outbox.store.OutboxTables;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Checks that the tables are there and have all columns that this version needs, and that
 * the relay's lock is among them.
 *
 * @since 0.1
 */
public final class SchemaCheck {

	private static final String EVENT = "outbox_id, event_id, event_type, topic, partition_key, payload, headers, created_at";

	private static final Map<String, String> COLUMNS = new TreeMap<>(Map.of("outbox", EVENT, "outbox_attempt",
			"outbox_id, attempts, attempted_at, last_error, error_class, blocked_at, blocked_by", "outbox_parked",
			EVENT + ", reason, error_class, parked_at, parked_by, attempts", "outbox_lock",
			"lock_name, locked_by, locked_until"));

	private final JdbcTemplate jdbc;

	private final OutboxTables tables;

	private final Scripts scripts;

	/**
	 * Create a check of tables with the default names.
	 * @param dataSource the data source of the outbox
	 * @param vendor names the database's scripts
	 */
	public SchemaCheck(DataSource dataSource, String vendor) {
		this(dataSource, vendor, OutboxTables.DEFAULT);
	}

	/**
	 * Create a check.
	 * @param dataSource the data source of the outbox
	 * @param vendor names the database's scripts
	 * @param tables the tables
	 */
	public SchemaCheck(DataSource dataSource, String vendor, OutboxTables tables) {
		this.jdbc = new JdbcTemplate(dataSource);
		this.tables = tables;
		this.scripts = new Scripts(vendor, tables);
	}

	/**
	 * Check the tables.
	 * @throws OutboxException if one is missing or older than this version needs
	 */
	public void check() {
		COLUMNS.forEach(this::check);
		String locks = this.tables.sql("${prefix}outbox_lock");
		if (this.jdbc.queryForList("SELECT lock_name FROM " + locks + " WHERE lock_name = 'relay'", String.class)
			.isEmpty()) {
			throw new OutboxException("Table %s has no row 'relay'. %s".formatted(locks, advice()));
		}
	}

	private void check(String name, String columns) {
		String table = this.tables.sql("${prefix}" + name);
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
		return "Run %s that have not been run yet, or set outbox.schema.migrate=true and have Flyway on the class path"
			.formatted(this.scripts.forOperators());
	}

}
