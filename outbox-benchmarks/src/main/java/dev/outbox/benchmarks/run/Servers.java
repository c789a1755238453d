package dev.outbox.benchmarks.run;

import java.time.Duration;

import dev.outbox.testsupport.Database;
import dev.outbox.testsupport.KafkaBroker;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * The servers, which all contestants share.
 */
public final class Servers implements AutoCloseable {

	private final Database database;

	private final KafkaBroker broker = KafkaBroker.start();

	private final SingleConnectionDataSource connection;

	private final JdbcTemplate jdbc;

	/**
	 * Start a broker and, if it does not run yet, the database, which ends with this JVM.
	 * @param database the kind of the database
	 */
	public Servers(Database database) {
		this.database = database;
		this.connection = new SingleConnectionDataSource(database.create(), true);
		this.jdbc = new JdbcTemplate(this.connection);
		if (database == Database.POSTGRESQL) {
			this.jdbc.execute("CREATE EXTENSION pg_stat_statements");
		}
	}

	Database database() {
		return this.database;
	}

	KafkaBroker broker() {
		return this.broker;
	}

	/**
	 * A connection to the database server, for questions about it.
	 * @return the connection
	 */
	public JdbcTemplate jdbc() {
		return this.jdbc;
	}

	// The processor time that the database has used so far.
	Duration databaseCpu() {
		return this.database.server().cpu();
	}

	// How many statements were executed for a database.
	long statements(String name) {
		String sql = (this.database == Database.POSTGRESQL)
				? "SELECT SUM(calls) FROM pg_stat_statements JOIN pg_database ON oid = dbid WHERE datname = ?"
				: "SELECT SUM(count_star) FROM performance_schema.events_statements_summary_by_digest "
						+ "WHERE schema_name = ?";
		Long count = this.jdbc.queryForObject(sql, Long.class, name);
		return (count != null) ? count : 0;
	}

	@Override
	public void close() {
		this.connection.destroy();
		this.broker.close();
	}

}
