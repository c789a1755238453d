package dev.outbox.autoconfigure;

import java.util.List;
import java.util.Locale;

import javax.sql.DataSource;

import dev.outbox.jpa.OutboxRepository;
import dev.outbox.testsupport.Database;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceInitializationAutoConfiguration;
import org.springframework.boot.persistence.autoconfigure.EntityScan;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Applications whose tables are created, and dropped, by Hibernate.
 */
class HibernateTests {

	private static final String DDL = "spring.jpa.hibernate.ddl-auto=";

	private final DataSource dataSource = new DriverManagerDataSource(Database.H2.create());

	private final ApplicationContextRunner runner = runner(this.dataSource);

	@Test
	void itsDefaultDropsTheApplicationsTablesAndKeepsTheOutboxs() {
		this.runner.run((context) -> {
			Everything.use(context);
			assertThat(hasAccounts()).isTrue();
		});
		assertThat(hasAccounts()).as("dropped at the end").isFalse();
		this.runner.run((context) -> Everything.assertPendingAndParked(context, 1, 1));
	}

	// Each finds what the one before has left.
	@ParameterizedTest
	@EnumSource
	void tablesStayWhateverItDoesWithTheApplications(Database database) {
		ApplicationContextRunner application = runner(new DriverManagerDataSource(database.create()));
		application.withPropertyValues(DDL + "create").run(Everything::use);
		for (String action : List.of("create-drop", "update", "validate", "create", "none")) {
			application.withPropertyValues(DDL + action).run((context) -> {
				assertThat(context).as(action).hasNotFailed();
				Everything.assertPendingAndParked(context, 1, 1);
				assertThat(context.getBean(OutboxRepository.class).count()).as(action).isOne();
			});
		}
	}

	@Test
	void scriptsMayWaitForIt() {
		this.runner.withPropertyValues("spring.jpa.defer-datasource-initialization=true", "spring.sql.init.mode=always")
			.run((context) -> {
				Everything.use(context);
				assertThat(hasAccounts()).isTrue();
			});
	}

	private static ApplicationContextRunner runner(DataSource dataSource) {
		return OutboxContexts.withOutbox()
			.withConfiguration(AutoConfigurations.of(HibernateJpaAutoConfiguration.class,
					DataSourceInitializationAutoConfiguration.class))
			.withUserConfiguration(Entities.class)
			.withPropertyValues("outbox.event-types.MADE=purchases")
			.withBean(DataSource.class, () -> dataSource);
	}

	private boolean hasAccounts() {
		return new JdbcTemplate(this.dataSource)
			.queryForList("SELECT table_name FROM information_schema.tables WHERE table_schema = 'PUBLIC'",
					String.class)
			.stream()
			.anyMatch((table) -> table.toLowerCase(Locale.ROOT).equals("account"));
	}

	@Configuration(proxyBeanMethods = false)
	@EntityScan("dev.outbox.autoconfigure.publish")
	static class Entities {

	}

}
