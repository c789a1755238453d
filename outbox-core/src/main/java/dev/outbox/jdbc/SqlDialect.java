package dev.outbox.jdbc;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.Locale;

import javax.sql.DataSource;

import dev.outbox.OutboxException;
import dev.outbox.store.OutboxTables;
import org.jspecify.annotations.Nullable;

import org.springframework.core.NestedExceptionUtils;
import org.springframework.jdbc.support.JdbcUtils;
import org.springframework.jdbc.support.MetaDataAccessException;

/**
 * The few things that databases say differently.
 *
 * @since 0.1
 */
public enum SqlDialect {

	/**
	 * H2, also in its MySQL mode.
	 */
	// Its DATEDIFF compares local times, which jump when summer time begins or ends.
	H2("CURRENT_TIMESTAMP(6)",
			"CAST((EXTRACT(EPOCH FROM CURRENT_TIMESTAMP(6)) - EXTRACT(EPOCH FROM %s)) * 1000 AS BIGINT)",
			"DATEADD(MILLISECOND, ?, CURRENT_TIMESTAMP(6))", "") {

		@Override
		String recordAttempts(int count) {
			return """
					MERGE INTO ${prefix}outbox_attempt a USING (VALUES %2$s) n (outbox_id, last_error) ON a.outbox_id = n.outbox_id
					WHEN MATCHED THEN UPDATE SET attempts = a.attempts + 1, attempted_at = %1$s, last_error = n.last_error
					WHEN NOT MATCHED THEN INSERT (outbox_id, attempts, attempted_at, last_error)
						VALUES (n.outbox_id, 1, %1$s, n.last_error)"""
				.formatted(now(), repeated("(CAST(? AS BIGINT), CAST(? AS VARCHAR))", count));
		}

	},

	/**
	 * MySQL.
	 */
	MYSQL("UTC_TIMESTAMP(6)", "TIMESTAMPDIFF(MICROSECOND, %s, UTC_TIMESTAMP(6)) DIV 1000",
			"TIMESTAMPADD(MICROSECOND, ? * 1000, UTC_TIMESTAMP(6))",
			"AS n ON DUPLICATE KEY UPDATE last_error = n.last_error"),

	/**
	 * MariaDB.
	 */
	MARIADB("UTC_TIMESTAMP(6)", "TIMESTAMPDIFF(MICROSECOND, %s, UTC_TIMESTAMP(6)) DIV 1000",
			"TIMESTAMPADD(MICROSECOND, ? * 1000, UTC_TIMESTAMP(6))",
			"ON DUPLICATE KEY UPDATE last_error = VALUES(last_error)"),

	/**
	 * PostgreSQL.
	 */
	POSTGRESQL("clock_timestamp()", "(EXTRACT(EPOCH FROM clock_timestamp() - %s) * 1000)::bigint",
			"clock_timestamp() + ? * INTERVAL '1 millisecond'",
			"ON CONFLICT (outbox_id) DO UPDATE SET last_error = EXCLUDED.last_error") {

		// A plan that is made while the table is empty, and kept, reads the whole of it
		// when it is full.
		@Override
		void configure(Statement statement) throws SQLException {
			PgDriver.keepNothing(statement);
		}

		@Override
		boolean weighsStatements(Connection connection) throws SQLException {
			return connection.getTransactionIsolation() == Connection.TRANSACTION_SERIALIZABLE;
		}

		@Override
		PendingSearch pending() {
			return new PendingInRanges();
		}

	};

	// In a small table both would look at all rows, and wait for those that are being
	// stored. Without the condition, which always holds, MariaDB would look at the whole
	// index, for all that it is told.
	private static final String CLEAR_BY_INDEX = """
			DELETE o FROM ${prefix}outbox o FORCE INDEX (${index}outbox_event_id_key) \
			WHERE o.created_at > '1970-01-02' AND o.event_id IN""";

	private final String now;

	private final String age;

	private final String later;

	private final String orUpdate;

	SqlDialect(String now, String age, String later, String orUpdate) {
		this.now = now;
		this.age = age;
		this.later = later;
		this.orUpdate = orUpdate;
	}

	/**
	 * Find the dialect of a data source.
	 * @param dataSource the data source
	 * @return its dialect
	 * @throws OutboxException if the database is not supported or cannot be reached
	 */
	public static SqlDialect of(DataSource dataSource) {
		try {
			String product = JdbcUtils.extractDatabaseMetaData(dataSource, SqlDialect::product);
			return switch (product.toLowerCase(Locale.ROOT)) {
				case "h2" -> H2;
				case "mysql" -> MYSQL;
				case "mariadb" -> MARIADB;
				case "postgresql" -> POSTGRESQL;
				default ->
					throw new OutboxException("The outbox does not support the database '%s'. ".formatted(product)
							+ "Supported are MySQL, MariaDB, PostgreSQL and H2");
			};
		}
		catch (MetaDataAccessException ex) {
			throw new OutboxException("The database of the outbox cannot be reached: "
					+ NestedExceptionUtils.getMostSpecificCause(ex).getMessage(), ex);
		}
	}

	/**
	 * The folder in which the scripts for this database lie.
	 * @return the name of the vendor
	 */
	public String vendor() {
		return name().toLowerCase(Locale.ROOT);
	}

	/**
	 * The tables of the outbox in a database of this vendor.
	 * @param schema the schema that holds them; {@code null} for that of the connections
	 * @param prefix what their names begin with; may be empty
	 * @return the tables
	 * @throws OutboxException if a name is not acceptable
	 */
	public OutboxTables tables(@Nullable String schema, String prefix) {
		return new OutboxTables(schema, prefix, quote());
	}

	// The time now, by the clock and not by the transaction's begin.
	String now() {
		return this.now;
	}

	// How long ago a column's time was, in milliseconds. Computed by the database, so
	// that no time zone of a client has a say.
	String age(String column) {
		return this.age.formatted(column);
	}

	// The time a number of milliseconds, one parameter, from now.
	String later() {
		return this.later;
	}

	// One statement, so that two relays that record an event's first attempt at once do
	// not collide. Its parameters are, for each event, the id and the error.
	String recordAttempts(int count) {
		return """
				INSERT INTO ${prefix}outbox_attempt (outbox_id, attempts, attempted_at, last_error) VALUES %2$s
				%3$s, attempts = ${prefix}outbox_attempt.attempts + 1, attempted_at = %1$s""".formatted(this.now,
				repeated("(?, 1, %s, ?)".formatted(this.now), count), this.orUpdate);
	}

	// How the pending rows of keys are asked for.
	PendingSearch pending() {
		return new PendingByUnion();
	}

	// The beginning of a deletion by many ids.
	String clear() {
		return isMySqlOrMariaDb() ? CLEAR_BY_INDEX : "DELETE FROM ${prefix}outbox WHERE event_id IN";
	}

	String quote() {
		return isMySqlOrMariaDb() ? "`" : "\"";
	}

	// Prepares a statement that reads or deletes, and is planned anew.
	void configure(Statement statement) throws SQLException {
	}

	// Lowers the isolation level of the connection's next transaction where a higher one
	// would stand in the way of the application's inserts: InnoDB's gap locks, which
	// deletions of rows that are not there would take at REPEATABLE READ.
	void readCommittedOnce(Connection connection) throws SQLException {
		if (isMySqlOrMariaDb()) {
			try (Statement statement = connection.createStatement()) {
				statement.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED");
			}
		}
	}

	// Whether each statement that is a transaction of its own is weighed against those of
	// the application, and might break one.
	boolean weighsStatements(Connection connection) throws SQLException {
		return false;
	}

	private boolean isMySqlOrMariaDb() {
		return this == MYSQL || this == MARIADB;
	}

	private static String repeated(String part, int count) {
		return String.join(", ", Collections.nCopies(count, part));
	}

	private static String product(DatabaseMetaData metaData) throws SQLException {
		String product = metaData.getDatabaseProductName();
		// MariaDB passes for MySQL when asked through MySQL's driver.
		boolean maria = metaData.getDatabaseProductVersion().toLowerCase(Locale.ROOT).contains("mariadb");
		return maria ? "MariaDB" : product;
	}

}
