package dev.outbox.autoconfigure;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import dev.outbox.testsupport.Database;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.jdbc.DataSourceBuilder;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The tables in a schema of their own, and several outboxes side by side, on every
 * database.
 */
class TableNamesTests {

	private static final String SCHEMA = "outbox.schema.name=";

	private static final String PREFIX = "outbox.schema.table-prefix=";

	@ParameterizedTest
	@EnumSource
	void outboxesInOneSchemaDoNotMeet(Database database) {
		String url = database.create();
		run(url, List.of(PREFIX + "shop_"), (shop) -> {
			Everything.publish(shop);
			run(url, List.of(PREFIX + "mail_"), (mail) -> {
				Everything.use(mail);
				run(url, List.of(), Everything::use);
				Everything.assertPendingAndParked(mail, 1, 1);
			});
			Everything.assertPendingAndParked(shop, 1, 0);
			DataSource dataSource = shop.getBean(DataSource.class);
			assertThat(tables(dataSource, "shop_outbox")).hasSize(5).contains("shop_outbox_schema_history");
			assertThat(tables(dataSource, "outbox")).hasSize(5).contains("outbox_schema_history");
			assertThat(tables(dataSource, "")).hasSize(15);
		});
	}

	@ParameterizedTest
	@EnumSource
	void tablesAreInASchemaOfTheirOwn(Database database) {
		String url = database.create();
		String schema = "Sales" + System.nanoTime();
		run(url, List.of(SCHEMA + schema, PREFIX + "shop_"), (context) -> {
			Everything.use(context);
			DataSource dataSource = context.getBean(DataSource.class);
			assertThat(tables(dataSource, "")).as("the schema of the connections").isEmpty();
			try (Connection one = dataSource.getConnection(); Connection two = dataSource.getConnection()) {
				for (Connection connection : List.of(one, two)) {
					assertThat(connection.getSchema()).isNotEqualTo(schema);
					assertThat(connection.getCatalog()).isNotEqualTo(schema);
				}
			}
		});
		run(url, List.of(SCHEMA + schema, PREFIX + "shop_", "outbox.schema.migrate=false"), (context) -> {
			Everything.assertPendingAndParked(context, 1, 1);
			new JdbcTemplate(context.getBean(DataSource.class)).execute(database.dropSchema(schema));
		});
	}

	@ParameterizedTest
	@EnumSource
	void missingTablesAreNamedInFullWithWhatToRun(Database database) {
		runner(database.create()).withPropertyValues(SCHEMA + "sales", PREFIX + "shop_", "outbox.schema.migrate=false")
			.run((context) -> assertThat(context.getStartupFailure()).rootCause()
				.satisfies((cause) -> assertThat(context.getStartupFailure())
					.hasStackTraceContaining(".shop_outbox is missing or older")
					.hasStackTraceContaining("(in schema 'sales', with prefix 'shop_')")));
	}

	// In the schema of the connections.
	private static List<String> tables(DataSource dataSource, String prefix) throws SQLException {
		List<String> tables = new ArrayList<>();
		try (Connection connection = dataSource.getConnection();
				ResultSet rows = connection.getMetaData()
					.getTables(connection.getCatalog(), connection.getSchema(), "%", new String[] { "TABLE" })) {
			while (rows.next()) {
				String table = rows.getString("TABLE_NAME").toLowerCase(Locale.ROOT);
				if (table.startsWith(prefix)) {
					tables.add(table);
				}
			}
		}
		return tables;
	}

	private static void run(String url, List<String> properties, Use use) {
		runner(url).withPropertyValues(properties.toArray(String[]::new)).run((context) -> {
			assertThat(context).hasNotFailed();
			use.accept(context);
		});
	}

	// With the fewest connections that Flyway is content with, so that they are seen
	// again.
	private static ApplicationContextRunner runner(String url) {
		return OutboxContexts.withOutbox()
			.withPropertyValues("outbox.event-types.MADE=purchases")
			.withBean(DataSource.class, () -> {
				HikariDataSource dataSource = DataSourceBuilder.create().type(HikariDataSource.class).url(url).build();
				dataSource.setMaximumPoolSize(2);
				return dataSource;
			});
	}

	/**
	 * What is done with an application.
	 */
	@FunctionalInterface
	private interface Use {

		void accept(AssertableApplicationContext context) throws SQLException;

	}

}
