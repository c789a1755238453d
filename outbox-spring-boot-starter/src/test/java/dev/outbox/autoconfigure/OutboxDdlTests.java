package dev.outbox.autoconfigure;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

import dev.outbox.OutboxEventPublisher;
import dev.outbox.autoconfigure.jpa.main.Shop;
import dev.outbox.jpa.OutboxRepository;
import dev.outbox.publish.EventTypes;
import dev.outbox.testsupport.Database;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.jpa.autoconfigure.DataJpaRepositoriesAutoConfiguration;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whatever Hibernate does to the application's tables, those of the outbox stay as they
 * are.
 */
@ParameterizedClass
@EnumSource
class OutboxDdlTests {

	private final String url;

	private final ApplicationContextRunner runner;

	OutboxDdlTests(Database database) {
		this.url = database.create();
		this.runner = OutboxContexts.withOutbox()
			.withConfiguration(AutoConfigurations.of(HibernateJpaAutoConfiguration.class,
					DataJpaRepositoriesAutoConfiguration.class))
			.withUserConfiguration(Shop.class)
			.withPropertyValues("spring.datasource.url=" + this.url, "outbox.event-types.MADE=purchase.made");
	}

	@ParameterizedTest
	@ValueSource(strings = { "validate", "update", "create-drop" })
	void tablesAndWhatTheyHoldStay(String ddl) throws SQLException {
		prepare();
		assertUntouched(this.runner.withPropertyValues("spring.jpa.hibernate.ddl-auto=" + ddl));
	}

	// A database in which both have their tables, and one event is pending.
	private void prepare() {
		this.runner.withPropertyValues("spring.jpa.hibernate.ddl-auto=create").run((context) -> {
			EventTypes types = context.getBean(EventTypes.class);
			context.getBean(OutboxEventPublisher.class).publishManualEvent(types.get("MADE"), "a", "a");
		});
	}

	private void assertUntouched(ApplicationContextRunner application) throws SQLException {
		Set<String> before = shape();
		assertThat(before).hasSizeGreaterThan(30);
		application.run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBean(OutboxRepository.class).count()).isOne();
		});
		assertThat(shape()).isEqualTo(before);
		application.withPropertyValues("spring.jpa.hibernate.ddl-auto=none")
			.run((context) -> assertThat(context.getBean(OutboxRepository.class).count()).isOne());
	}

	// Columns and indexes of the outbox's tables.
	private Set<String> shape() throws SQLException {
		Set<String> shape = new TreeSet<>();
		try (Connection connection = DriverManager.getConnection(this.url)) {
			DatabaseMetaData database = connection.getMetaData();
			String catalog = connection.getCatalog();
			String schema = connection.getSchema();
			try (ResultSet columns = database.getColumns(catalog, schema, "%", "%")) {
				while (columns.next()) {
					String table = columns.getString("TABLE_NAME");
					if (table.toLowerCase(Locale.ROOT).startsWith("outbox")) {
						shape.add(String.join(" ", table, columns.getString("COLUMN_NAME"),
								columns.getString("TYPE_NAME"), columns.getString("COLUMN_SIZE"),
								columns.getString("IS_NULLABLE")));
					}
				}
			}
			String table = database.storesUpperCaseIdentifiers() ? "OUTBOX" : "outbox";
			try (ResultSet indexes = database.getIndexInfo(catalog, schema, table, false, true)) {
				while (indexes.next()) {
					shape.add(indexes.getString("INDEX_NAME") + " " + indexes.getString("COLUMN_NAME"));
				}
			}
		}
		return shape;
	}

}
