package dev.outbox.autoconfigure;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

import javax.sql.DataSource;

import dev.outbox.OutboxEventPublisher;
import dev.outbox.OutboxException;
import dev.outbox.OutboxMonitor;
import dev.outbox.publish.EventTypes;
import dev.outbox.schema.SchemaCheck;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceInitializationAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * The tables: created next to the application's own, or checked.
 */
class OutboxSchemaAutoConfigurationTests {

	private final JdbcDataSource dataSource = new JdbcDataSource();

	private final JdbcTemplate jdbc = new JdbcTemplate(this.dataSource);

	private final ApplicationContextRunner runner = OutboxContexts.withOutbox()
		.withBean(DataSource.class, () -> this.dataSource);

	@BeforeEach
	void beginWithAnotherDatabase() {
		this.dataSource.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
	}

	@Test
	void tablesAreCreatedInAnEmptySchema() {
		this.runner.run((context) -> assertThat(context.getBean(OutboxMonitor.class).status().pending()).isZero());
	}

	@Test
	void tablesAreCreatedNextToTheApplicationsOwn() {
		this.jdbc.execute("CREATE TABLE purchase (id BIGINT PRIMARY KEY)");
		this.jdbc.execute("INSERT INTO purchase VALUES (1)");
		this.runner.run((context) -> assertThat(context.getBean(OutboxMonitor.class).status().pending()).isZero());
		assertThat(this.jdbc.queryForObject("SELECT COUNT(*) FROM purchase", Integer.class)).isOne();
	}

	@Test
	void tablesAndWhatTheyHoldStayAtTheNextStart() {
		this.runner.withPropertyValues("outbox.event-types.MADE=purchases")
			.run((context) -> context.getBean(OutboxEventPublisher.class)
				.publishManualEvent(context.getBean(EventTypes.class).get("MADE"), "a", null));
		this.runner.run((context) -> assertThat(context.getBean(OutboxMonitor.class).status().pending()).isOne());
	}

	@Test
	void missingTablesAreRefusedWithWhatToRun() {
		this.runner.withPropertyValues("outbox.schema.migrate=false")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.satisfies((cause) -> assertThat(context.getStartupFailure()).hasStackTraceContaining(
						"is missing or older than this version of the outbox needs. Run the scripts of db/h2")));
		assertThat(this.jdbc.queryForList(
				"SELECT table_name FROM information_schema.tables " + "WHERE table_schema = 'PUBLIC'", String.class))
			.isEmpty();
	}

	@Test
	void tablesThatWereCreatedByHandAreUsed() {
		new ResourceDatabasePopulator(new FileSystemResource("../db/h2/V1__outbox.sql"),
				new FileSystemResource("../db/h2/V3__poison.sql"))
			.execute(this.dataSource);
		this.runner.withPropertyValues("outbox.schema.migrate=false")
			.run((context) -> assertThat(context.getBean(OutboxMonitor.class).status().pending()).isZero());
	}

	@ParameterizedTest
	@ValueSource(strings = { "true", "false" })
	void olderTableIsRefused(String migrate) {
		this.runner.run((context) -> assertThat(context).hasNotFailed());
		this.jdbc.execute("ALTER TABLE outbox DROP COLUMN headers");
		this.runner.withPropertyValues("outbox.schema.migrate=" + migrate)
			.run((context) -> assertThat(context.getStartupFailure())
				.hasStackTraceContaining("Table outbox is missing or older than this version"));
	}

	@Test
	void failureIsShownByTheOutboxsOwnMessage() {
		FailureAnalyzer analyzer = SpringFactoriesLoader.forDefaultResourceLocation()
			.load(FailureAnalyzer.class, SpringFactoriesLoader.FailureHandler.handleMessage((message, ex) -> {
			}))
			.stream()
			.filter(OutboxFailureAnalyzer.class::isInstance)
			.findFirst()
			.orElseThrow();
		this.runner.withPropertyValues("outbox.schema.migrate=false").run((context) -> {
			Throwable failure = Objects.requireNonNull(context.getStartupFailure());
			FailureAnalysis analysis = Objects.requireNonNull(analyzer.analyze(failure));
			assertThat(analysis.getDescription()).startsWith("The outbox cannot start: Table outbox")
				.contains("db/h2", "outbox.schema.migrate=true");
		});
	}

	@Test
	void databaseThatIsNotSupportedIsRefused() throws SQLException {
		DataSource oracle = dataSource("Oracle");
		OutboxContexts.withOutbox()
			.withBean(DataSource.class, () -> oracle)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(OutboxException.class)
				.hasMessageContainingAll("does not support the database 'Oracle'", "MySQL, MariaDB, PostgreSQL"));
	}

	@Test
	void databaseThatCannotBeReachedIsNamed() {
		this.dataSource.setURL("jdbc:h2:tcp://localhost:1/none");
		this.runner.run((context) -> assertThat(context.getStartupFailure())
			.hasStackTraceContaining("The database of the outbox cannot be reached: Connection refused"));
	}

	@Test
	void whateverUsesTheDatabaseWaitsForTheTables() {
		this.runner.withConfiguration(AutoConfigurations.of(HibernateJpaAutoConfiguration.class)).run((context) -> {
			assertThat(context).hasNotFailed();
			for (String bean : List.of("entityManagerFactory", "jdbcTemplate")) {
				assertThat(context.getBeanFactory().getBeanDefinition(bean).getDependsOn()).contains("outboxSchema");
			}
		});
	}

	@Test
	void scriptsOfTheApplicationRunFirst() {
		this.runner.withConfiguration(AutoConfigurations.of(DataSourceInitializationAutoConfiguration.class))
			.withPropertyValues("spring.sql.init.mode=always")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBeanFactory().getBeanDefinition("outboxSchema").getDependsOn())
					.contains("dataSourceScriptDatabaseInitializer");
			});
	}

	@Test
	void schemaMayBeReplaced() {
		OutboxSchema users = new OutboxSchema(null, mock(SchemaCheck.class));
		this.runner.withBean(OutboxSchema.class, () -> users)
			.run((context) -> assertThat(context).getBean(OutboxSchema.class).isSameAs(users));
	}

	private static DataSource dataSource(String product) throws SQLException {
		DataSource dataSource = mock(DataSource.class);
		Connection connection = mock(Connection.class);
		DatabaseMetaData metaData = mock(DatabaseMetaData.class);
		given(dataSource.getConnection()).willReturn(connection);
		given(connection.getMetaData()).willReturn(metaData);
		given(metaData.getDatabaseProductName()).willReturn(product);
		given(metaData.getDatabaseProductVersion()).willReturn("1");
		return dataSource;
	}

}
