package dev.outbox.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;

import com.zaxxer.hikari.HikariDataSource;
import dev.outbox.schema.FlywaySchemaMigration;
import dev.outbox.store.OrderingKey;
import dev.outbox.store.PendingQuery;
import dev.outbox.testsupport.PostgresServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

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

	@ParameterizedTest
	@ValueSource(strings = { "prepareThreshold=0", "prepareThreshold=1", "preferQueryMode=simple",
			"preferQueryMode=extendedForPrepared", "stringtype=unspecified", "autosave=always", "defaultRowFetchSize=1",
			"binaryTransfer=false" })
	void questionsAreAnsweredWithSuchADriver(String setting) {
		database().insert(TestDatabase.event("42"), TestDatabase.event("42"));
		List<PendingQuery> queries = Stream.of("42", "none")
			.map((key) -> new PendingQuery(new OrderingKey(TestDatabase.TOPIC, key), 0, 10))
			.toList();
		String[] property = setting.split("=");
		for (boolean autoCommit : new boolean[] { true, false }) {
			try (HikariDataSource pool = database().pool((config) -> {
				config.addDataSourceProperty(property[0], property[1]);
				config.setAutoCommit(autoCommit);
				config.setMaximumPoolSize(1);
			})) {
				JdbcOutboxStore store = new JdbcOutboxStore(database().outbox(pool, "one"));
				for (int i = 0; i < 7; i++) {
					assertThat(store.pending(queries)).hasSize(2);
				}
				assertThat(new JdbcTemplate(pool).queryForObject(
						"SELECT COALESCE(SUM(custom_plans), 0) FROM pg_prepared_statements WHERE statement LIKE '%unnest%'",
						Long.class))
					.isZero();
			}
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void settingsOfAQuestionEndWithIt(boolean autoCommit) throws SQLException {
		try (Connection connection = database().pool().getConnection()) {
			connection.setAutoCommit(autoCommit);
			SingleConnectionDataSource dataSource = new SingleConnectionDataSource(connection, true);
			JdbcOutboxStore store = new JdbcOutboxStore(database().outbox(dataSource, "one"));
			String settings = "SELECT setting FROM pg_settings WHERE name IN "
					+ "('enable_incremental_sort', 'enable_sort', 'jit', 'plan_cache_mode') ORDER BY name";
			List<String> before = new JdbcTemplate(dataSource).queryForList(settings, String.class);
			store.pending(List.of(new PendingQuery(new OrderingKey(TestDatabase.TOPIC, "42"), 0, 10)));
			assertThat(before).startsWith("on").doesNotContain("force_generic_plan");
			assertThat(new JdbcTemplate(dataSource).queryForList(settings, String.class)).isEqualTo(before);
		}
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
