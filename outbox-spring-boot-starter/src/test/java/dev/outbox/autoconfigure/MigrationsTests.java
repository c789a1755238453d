package dev.outbox.autoconfigure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import dev.outbox.schema.FlywaySchemaMigration;
import dev.outbox.testsupport.Database;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.jdbc.DataSourceBuilder;
import org.springframework.boot.liquibase.autoconfigure.LiquibaseAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The outbox's migration beside those of the application, at once in several instances,
 * and by users who may not do it.
 */
@Tag("long")
class MigrationsTests {

	private static final int INSTANCES = 3;

	private static final int ROUNDS = 5;

	@ParameterizedTest
	@EnumSource
	void applicationMigratesByFlyway(Database database) {
		String first = "spring.flyway.locations=classpath:migrations/first";
		for (JdbcTemplate jdbc : applicationMigrates(database, "flyway", first,
				first + ",classpath:migrations/second")) {
			assertThat(history(database, jdbc, "flyway_schema_history")).containsExactly("V1__purchase.sql",
					"V2__purchase.sql");
		}
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "H2_AS_MYSQL")
	void applicationMigratesByLiquibase(Database database) {
		String contexts = "spring.liquibase.contexts=";
		for (JdbcTemplate jdbc : applicationMigrates(database, "liquibase", contexts + "first", contexts + "second")) {
			assertThat(jdbc.queryForList("SELECT id FROM DATABASECHANGELOG ORDER BY orderexecuted", String.class))
				.containsExactly("1", "2");
		}
	}

	// The first of the application's own scripts is there before the outbox, in another
	// database it comes with it; the second comes later.
	private static List<JdbcTemplate> applicationMigrates(Database database, String tool, String first, String second) {
		List<JdbcTemplate> databases = new ArrayList<>();
		for (boolean before : new boolean[] { true, false }) {
			String url = database.create();
			JdbcTemplate jdbc = jdbc(url);
			if (before) {
				runner(OutboxContexts.withoutOutbox(), url).withPropertyValues(first)
					.withPropertyValues(only(tool))
					.run((context) -> assertThat(context).hasNotFailed());
				assertThat(purchases(jdbc)).containsExactly("a");
			}
			runner(url).withPropertyValues(first).withPropertyValues(only(tool)).run(Everything::use);
			assertThat(purchases(jdbc)).containsExactly("a");
			runner(url).withPropertyValues(second)
				.withPropertyValues(only(tool))
				.run((context) -> Everything.assertPendingAndParked(context, 1, 1));
			assertThat(purchases(jdbc)).containsExactly("a", "b");
			assertThat(history(database, jdbc, "outbox_schema_history")).isNotEmpty().doesNotHaveDuplicates();
			databases.add(jdbc);
		}
		return databases;
	}

	// The scripts that Flyway has run.
	private static List<String> history(Database database, JdbcTemplate jdbc, String table) {
		return jdbc.queryForList(
				"SELECT %s FROM %s WHERE %s = 'SQL' ORDER BY %s".formatted(database.quoted("script"),
						database.quoted(table), database.quoted("type"), database.quoted("installed_rank")),
				String.class);
	}

	private static List<String> purchases(JdbcTemplate jdbc) {
		return jdbc.queryForList("SELECT item FROM purchase ORDER BY item", String.class);
	}

	@Test
	void applicationsFlywayMayBeSwitchedOff() {
		String url = Database.H2.create();
		runner(url)
			.withPropertyValues("spring.flyway.enabled=false", "spring.liquibase.enabled=false",
					"spring.flyway.locations=classpath:migrations/first")
			.run(Everything::use);
		assertThat(jdbc(url).queryForList(
				"SELECT LOWER(table_name) FROM information_schema.tables WHERE table_schema = 'PUBLIC'", String.class))
			.hasSize(5)
			.allMatch((table) -> table.startsWith("outbox"));
	}

	@ParameterizedTest
	@CsvSource({ "H2, outbox.schema.migrate=true, PUBLIC", "H2, outbox.schema.name=sales, sales",
			"POSTGRESQL, outbox.schema.migrate=true, public", "POSTGRESQL, outbox.schema.name=sales, sales" })
	void applicationsFlywayMayHaveASchemaOfItsOwn(Database database, String property, String schema) {
		String url = database.create();
		runner(url)
			.withPropertyValues("spring.flyway.default-schema=sales",
					"spring.flyway.locations=classpath:migrations/first", "spring.liquibase.enabled=false", property)
			.run((context) -> {
				Everything.use(context);
				assertThat(
						context.getBean(JdbcTemplate.class)
							.queryForList("SELECT table_schema FROM information_schema.tables "
									+ "WHERE LOWER(table_name) LIKE 'outbox%'", String.class))
					.hasSize(5)
					.containsOnly(schema);
				assertThat(
						context.getBean(JdbcTemplate.class)
							.queryForList("SELECT table_schema FROM information_schema.tables "
									+ "WHERE LOWER(table_name) LIKE 'purchase'", String.class))
					.containsExactly("sales");
			});
	}

	// Flyway has no lock on H2 as long as its history is empty.
	@ParameterizedTest
	@EnumSource(names = { "POSTGRESQL", "MARIADB", "MYSQL" })
	void instancesMayStartAtOnce(Database database) throws Exception {
		for (String before : List.of("SELECT 1", "CREATE TABLE purchase (item VARCHAR(100) PRIMARY KEY)")) {
			for (int round = 0; round < ROUNDS; round++) {
				String url = database.create();
				jdbc(url).execute(before);
				migrateAtOnce(url, database);
				assertThat(history(database, jdbc(url), "outbox_schema_history")).isNotEmpty().doesNotHaveDuplicates();
				if (round == 0) {
					runner(url).withPropertyValues(only("none")).run(Everything::use);
				}
			}
		}
	}

	// Of the whole start only this part, or they would hardly ever meet.
	private static void migrateAtOnce(String url, Database database) throws Exception {
		CyclicBarrier together = new CyclicBarrier(INSTANCES);
		Callable<Void> instance = () -> {
			together.await(1, TimeUnit.MINUTES);
			new FlywaySchemaMigration(new DriverManagerDataSource(url), database.vendor()).migrate();
			return null;
		};
		ExecutorService executor = Executors.newFixedThreadPool(INSTANCES);
		try {
			for (Future<Void> migrated : executor.invokeAll(Collections.nCopies(INSTANCES, instance))) {
				migrated.get();
			}
		}
		finally {
			executor.shutdown();
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "H2", "POSTGRESQL", "MYSQL" })
	void userWhoMayNotCreateTablesIsToldWhatToDo(Database database) {
		runner(database.forUserWithoutDdl(database.create())).withPropertyValues(only("none")).run((context) -> {
			Throwable failure = Objects.requireNonNull(context.getStartupFailure());
			FailureAnalysis analysis = Objects.requireNonNull(new OutboxFailureAnalyzer().analyze(failure));
			assertThat(analysis.getDescription())
				.startsWith("The outbox cannot start: The tables of the outbox could not be migrated: ")
				.contains("To create them by hand, run the scripts of db/%s and set outbox.schema.migrate=false"
					.formatted(database.vendor()));
		});
	}

	@ParameterizedTest
	@EnumSource(names = { "H2", "POSTGRESQL", "MYSQL" })
	void userWhoMayNotCreateTablesCanUseThem(Database database) {
		String url = database.create();
		String clerk = database.forUserWithoutDdl(url);
		runByHand(database, url);
		runner(clerk).withPropertyValues(only("none"))
			.withPropertyValues("outbox.schema.migrate=false")
			.run(Everything::use);
	}

	@ParameterizedTest
	@EnumSource(names = { "H2", "POSTGRESQL", "MYSQL" })
	void tablesThatAreUpToDateNeedNoFurtherRights(Database database) {
		String url = database.create();
		String clerk = database.forUserWithoutDdl(url);
		runner(url).withPropertyValues(only("none")).run((context) -> assertThat(context).hasNotFailed());
		runner(clerk).withPropertyValues(only("none")).run(Everything::use);
	}

	private static void runByHand(Database database, String url) {
		try {
			new ResourceDatabasePopulator(new PathMatchingResourcePatternResolver()
				.getResources("file:../db/" + database.vendor() + "/*.sql")).execute(new DriverManagerDataSource(url));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static JdbcTemplate jdbc(String url) {
		return new JdbcTemplate(new DriverManagerDataSource(url));
	}

	private static String[] only(String tool) {
		return new String[] { "spring.flyway.enabled=" + tool.equals("flyway"),
				"spring.liquibase.enabled=" + tool.equals("liquibase"),
				"spring.liquibase.change-log=classpath:migrations/changelog.sql" };
	}

	private static ApplicationContextRunner runner(String url) {
		return runner(OutboxContexts.withOutbox(), url).withPropertyValues("outbox.event-types.MADE=purchases");
	}

	private static ApplicationContextRunner runner(ApplicationContextRunner application, String url) {
		return application
			.withConfiguration(AutoConfigurations.of(FlywayAutoConfiguration.class, LiquibaseAutoConfiguration.class))
			.withBean(DataSource.class, () -> {
				HikariDataSource dataSource = DataSourceBuilder.create().type(HikariDataSource.class).url(url).build();
				dataSource.setMaximumPoolSize(2);
				return dataSource;
			});
	}

}
