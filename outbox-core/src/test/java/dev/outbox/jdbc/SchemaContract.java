package dev.outbox.jdbc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;

import javax.sql.DataSource;

import dev.outbox.OutboxException;
import dev.outbox.schema.FlywaySchemaMigration;
import dev.outbox.schema.SchemaCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * The migration, the scripts and the check of the tables.
 */
interface SchemaContract extends OnDatabase {

	@Test
	default void migrationRunsNextToTheTablesOfTheApplicationAndOnce() {
		DriverManagerDataSource dataSource = new DriverManagerDataSource(createDatabase());
		JdbcTemplate sql = new JdbcTemplate(dataSource);
		sql.execute("CREATE TABLE purchase (id INT PRIMARY KEY)");
		FlywaySchemaMigration migration = new FlywaySchemaMigration(dataSource, database().dialect().vendor());
		migration.migrate();
		sql.update("UPDATE outbox_lock SET locked_by = 'me'");
		migration.migrate();
		assertThat(sql.queryForObject("SELECT locked_by FROM outbox_lock", String.class)).isEqualTo("me");
		assertThatNoException().isThrownBy(check(dataSource)::check);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	default void flywayIsAskedOnlyIfTheLastScriptIsNotInTheHistory(boolean autoCommit) throws SQLException {
		String url = createDatabase();
		JdbcTemplate sql = new JdbcTemplate(new DriverManagerDataSource(url));
		try (Connection connection = DriverManager.getConnection(url)) {
			// Unlike most pools, this one leaves transactions open.
			connection.setAutoCommit(autoCommit);
			FlywaySchemaMigration migration = new FlywaySchemaMigration(
					new SingleConnectionDataSource(connection, true), database().dialect().vendor());
			migration.migrate();
			// Which Flyway refuses.
			sql.update(history("UPDATE %soutbox_schema_history%s SET %schecksum%s = 1 WHERE %sversion%s = '1'"));
			assertThatNoException().isThrownBy(migration::migrate);
			sql.update(history("UPDATE %soutbox_schema_history%s SET %ssuccess%s = FALSE WHERE %sversion%s > '2'"));
			assertThatExceptionOfType(OutboxException.class).isThrownBy(migration::migrate);
		}
	}

	@Test
	default void transactionInWhichTheMigrationHappensToRunIsLeftAlone() {
		DriverManagerDataSource dataSource = new DriverManagerDataSource(createDatabase());
		JdbcTemplate sql = new JdbcTemplate(dataSource);
		sql.execute("CREATE TABLE purchase (id INT PRIMARY KEY)");
		FlywaySchemaMigration migration = new FlywaySchemaMigration(dataSource, database().dialect().vendor());
		for (int start = 1; start <= 2; start++) {
			int id = start;
			new TransactionTemplate(new DataSourceTransactionManager(dataSource)).executeWithoutResult((status) -> {
				sql.update("INSERT INTO purchase (id) VALUES (?)", id);
				migration.migrate();
			});
		}
		assertThat(sql.queryForList("SELECT id FROM purchase ORDER BY id", Integer.class)).containsExactly(1, 2);
	}

	private String history(String statement) {
		return statement.replace("%s", database().dialect().tables(null, "").quote());
	}

	@Test
	default void scriptsRunByHand() throws IOException {
		DriverManagerDataSource dataSource = new DriverManagerDataSource(createDatabase());
		try (Stream<Path> scripts = Files.list(Path.of("..", "db", database().dialect().vendor()))) {
			new ResourceDatabasePopulator(scripts.sorted().map(FileSystemResource::new).toArray(Resource[]::new))
				.execute(dataSource);
		}
		assertThatNoException().isThrownBy(check(dataSource)::check);
	}

	@Test
	default void whatIsMissingIsNamed() {
		try (TestDatabase fresh = new TestDatabase(createDatabase())) {
			whatIsMissingIsNamed(fresh, fresh.pool());
		}
	}

	/**
	 * Check that each table that is dropped is missed.
	 * @param fresh a database of which nothing remains
	 * @param pool connections to it
	 */
	default void whatIsMissingIsNamed(TestDatabase fresh, DataSource pool) {
		JdbcTemplate sql = fresh.sql();
		sql.update("DELETE FROM outbox_lock");
		assertRefused(pool, "Table outbox_lock has no row 'relay'");
		for (String table : List.of("outbox_parked", "outbox_lock", "outbox_attempt")) {
			sql.execute("DROP TABLE " + table);
			assertRefused(pool, "Table " + table + " is missing or older");
		}
		sql.execute("ALTER TABLE outbox DROP COLUMN headers");
		assertRefused(pool, "Table outbox is missing or older");
	}

	private void assertRefused(DataSource pool, String message) {
		assertThatExceptionOfType(OutboxException.class).isThrownBy(check(pool)::check)
			.withMessageContainingAll(message, "db/" + database().dialect().vendor());
	}

	private SchemaCheck check(DataSource dataSource) {
		return new SchemaCheck(dataSource, database().dialect().vendor());
	}

}
