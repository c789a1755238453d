package dev.outbox.jdbc;

import java.util.List;

import dev.outbox.schema.FlywaySchemaMigration;
import dev.outbox.testsupport.PostgresServer;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The contract on PostgreSQL.
 */
class PostgresTests extends DatabaseContract implements LostConnectionContract, OldSnapshotContract {

	@Override
	public String createDatabase() {
		return PostgresServer.shared().createDatabase();
	}

	@Override
	public List<String> zones() {
		return List.of("UTC", "Europe/Berlin", "America/St_Johns");
	}

	@Override
	public String setZone(String zone) {
		return "SET TIME ZONE '" + zone + "'";
	}

	@Override
	public List<String> countFromZero() {
		return List.of("CREATE EXTENSION IF NOT EXISTS pg_stat_statements", "SELECT pg_stat_statements_reset()");
	}

	@Override
	public String countedStatements() {
		return """
				SELECT query, calls FROM pg_stat_statements
				WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())""";
	}

	@Override
	public String deadlocks() {
		return "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()";
	}

	@Override
	public String lock(List<String> tables) {
		return "LOCK TABLE " + String.join(", ", tables) + " IN ACCESS EXCLUSIVE MODE";
	}

	@Override
	public String unlock() {
		return "ROLLBACK";
	}

	@Override
	public String waiting() {
		return "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
	}

	@Override
	public String kill(long session) {
		return "SELECT pg_terminate_backend(" + session + ")";
	}

	@Test
	void tablesOfAnotherSchemaInTheSearchPathAreNotTakenForOnesOwn() {
		String url = createDatabase();
		new FlywaySchemaMigration(new DriverManagerDataSource(url), "postgresql").migrate();
		new JdbcTemplate(new DriverManagerDataSource(url)).execute("CREATE SCHEMA mine");
		DriverManagerDataSource dataSource = new DriverManagerDataSource(
				url + (url.contains("?") ? "&" : "?") + "currentSchema=mine,public");
		new FlywaySchemaMigration(dataSource, "postgresql").migrate();
		assertThat(new JdbcTemplate(dataSource).queryForObject("SELECT to_regclass('mine.outbox') IS NOT NULL",
				Boolean.class))
			.isTrue();
	}

}
