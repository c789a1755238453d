package dev.outbox.jdbc;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

import javax.sql.DataSource;

import dev.outbox.OutboxException;
import dev.outbox.store.OutboxTables;
import dev.outbox.store.PendingQuery;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGStatement;

import org.springframework.core.NestedExceptionUtils;
import org.springframework.jdbc.support.JdbcUtils;
import org.springframework.jdbc.support.MetaDataAccessException;
import org.springframework.util.ClassUtils;

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
			"AS n ON DUPLICATE KEY UPDATE last_error = n.last_error") {

		@Override
		void readCommittedOnce(Connection connection) throws SQLException {
			setReadCommitted(connection);
		}

		@Override
		String clear() {
			return CLEAR_BY_INDEX;
		}

		@Override
		String quote() {
			return "`";
		}

	},

	/**
	 * MariaDB.
	 */
	MARIADB("UTC_TIMESTAMP(6)", "TIMESTAMPDIFF(MICROSECOND, %s, UTC_TIMESTAMP(6)) DIV 1000",
			"TIMESTAMPADD(MICROSECOND, ? * 1000, UTC_TIMESTAMP(6))",
			"ON DUPLICATE KEY UPDATE last_error = VALUES(last_error)") {

		@Override
		void readCommittedOnce(Connection connection) throws SQLException {
			setReadCommitted(connection);
		}

		@Override
		String clear() {
			return CLEAR_BY_INDEX;
		}

		@Override
		String quote() {
			return "`";
		}

	},

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
			if (PGJDBC && statement.isWrapperFor(PGStatement.class)) {
				statement.unwrap(PGStatement.class).setPrepareThreshold(0);
			}
		}

		@Override
		boolean weighsStatements(Connection connection) throws SQLException {
			return connection.getTransactionIsolation() == Connection.TRANSACTION_SERIALIZABLE;
		}

		@Override
		int mostQueries() {
			return MANY;
		}

		@Override
		String pending(int queries) {
			return WITH_ONE_PLAN + PENDING_IN_RANGES;
		}

		@Override
		ResultSet pending(PreparedStatement statement, List<PendingQuery> queries) throws SQLException {
			keepPlan(statement);
			Connection connection = statement.getConnection();
			statement.setArray(1,
					connection.createArrayOf("text", queries.stream().map((query) -> query.key().topic()).toArray()));
			statement.setArray(2, connection.createArrayOf("text",
					queries.stream().map((query) -> query.key().partitionKey()).toArray()));
			statement.setArray(3,
					connection.createArrayOf("bigint", queries.stream().map(PendingQuery::after).toArray()));
			statement.setArray(4, connection.createArrayOf("int", queries.stream().map(PendingQuery::limit).toArray()));
			statement.execute();
			// Behind what the settings answer.
			statement.getMoreResults();
			return statement.getResultSet();
		}

		// From the first time on, unless the application does not want the server to keep
		// statements.
		private static void keepPlan(PreparedStatement statement) throws SQLException {
			if (PGJDBC && statement.isWrapperFor(PGStatement.class)) {
				PGStatement kept = statement.unwrap(PGStatement.class);
				kept.setPrepareThreshold(Math.min(1, kept.getPrepareThreshold()));
			}
		}

	};

	private static final int SOME = 64;

	private static final int MANY = 1000;

	private static final boolean PGJDBC = ClassUtils.isPresent("org.postgresql.PGStatement",
			SqlDialect.class.getClassLoader());

	private static final String PENDING = """
			(SELECT outbox_id, event_id, topic, partition_key FROM ${prefix}outbox \
			WHERE partition_key = ? AND topic = ? AND outbox_id > ? ORDER BY outbox_id LIMIT ?)""";

	// To plan takes an idle machine as long as all the rest, so the plan is kept. But
	// what is planned while the table is empty has to do when it is full. Without
	// sorting there is one plan only: no other index has the order by key and id, which
	// a condition that the key is equal to something would forgo. What such a range
	// finds is overestimated by far: that must neither have it planned anew nor
	// compiled. All four settings end with the transaction.
	private static final String WITH_ONE_PLAN = """
			SELECT set_config('enable_sort', 'off', true), set_config('enable_incremental_sort', 'off', true), \
			set_config('plan_cache_mode', 'force_generic_plan', true), set_config('jit', 'off', true);""";

	private static final String PENDING_IN_RANGES = """
			SELECT o.outbox_id, o.event_id, o.topic, o.partition_key
			FROM unnest(?::text[], ?::text[], ?::bigint[], ?::int[]) AS q(topic, partition_key, after_id, most)
			CROSS JOIN LATERAL (
				SELECT outbox_id, event_id, topic, partition_key FROM ${prefix}outbox
				WHERE (partition_key, outbox_id) > (q.partition_key, q.after_id)
					AND (partition_key, outbox_id) <= (q.partition_key, 9223372036854775807) AND topic = q.topic
				ORDER BY partition_key, outbox_id LIMIT q.most) o""";

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

	// How many queries for the pending rows of a key one statement takes.
	int mostQueries() {
		return SOME;
	}

	// Asks for the pending rows of so many keys. Its plan may be kept.
	String pending(int queries) {
		return String.join(" UNION ALL ", Collections.nCopies(queries, PENDING));
	}

	// The rows that it finds.
	ResultSet pending(PreparedStatement statement, List<PendingQuery> queries) throws SQLException {
		int index = 1;
		for (PendingQuery query : queries) {
			statement.setString(index++, query.key().partitionKey());
			statement.setString(index++, query.key().topic());
			statement.setLong(index++, query.after());
			statement.setInt(index++, query.limit());
		}
		return statement.executeQuery();
	}

	// The beginning of a deletion by many ids.
	String clear() {
		return "DELETE FROM ${prefix}outbox WHERE event_id IN";
	}

	String quote() {
		return "\"";
	}

	// Prepares a statement that reads or deletes, and is planned anew.
	void configure(Statement statement) throws SQLException {
	}

	// Lowers the isolation level of the connection's next transaction where a higher one
	// would take locks that stand in the way of the application.
	void readCommittedOnce(Connection connection) throws SQLException {
	}

	// Whether each statement that is a transaction of its own is weighed against those of
	// the application, and might break one.
	boolean weighsStatements(Connection connection) throws SQLException {
		return false;
	}

	private static String repeated(String part, int count) {
		return String.join(", ", Collections.nCopies(count, part));
	}

	// InnoDB's gap locks, which deletions of rows that are not there would take at
	// REPEATABLE READ, would stand in the way of the application's inserts.
	private static void setReadCommitted(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED");
		}
	}

	private static String product(DatabaseMetaData metaData) throws SQLException {
		String product = metaData.getDatabaseProductName();
		// MariaDB passes for MySQL when asked through MySQL's driver.
		boolean maria = metaData.getDatabaseProductVersion().toLowerCase(Locale.ROOT).contains("mariadb");
		return maria ? "MariaDB" : product;
	}

}
