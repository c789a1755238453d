package dev.outbox.autoconfigure;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import dev.outbox.OutboxEventPublisher;
import dev.outbox.OutboxMonitor;
import dev.outbox.OutboxStatus;
import dev.outbox.publish.EventTypes;
import dev.outbox.relay.RelayLock;
import dev.outbox.store.Attempt;
import dev.outbox.store.OrderingKey;
import dev.outbox.store.OutboxStore;
import dev.outbox.store.PendingQuery;
import dev.outbox.store.RelayStore;
import dev.outbox.testsupport.PostgresServer;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

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

	static Stream<Named<String>> databases() {
		return Stream.of(Named.of("H2", "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1"),
				Named.of("H2 as MySQL",
						"jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1;MODE=MySQL;DATABASE_TO_LOWER=TRUE"),
				Named.of("PostgreSQL", PostgresServer.shared().createDatabase()));
	}

	@ParameterizedTest
	@MethodSource("databases")
	void outboxesInOneSchemaDoNotMeet(String url) {
		run(url, List.of(PREFIX + "shop_"), (shop) -> {
			publish(shop);
			run(url, List.of(PREFIX + "mail_"), (mail) -> {
				useEverything(mail);
				run(url, List.of(), TableNamesTests::useEverything);
				assertPendingAndParked(mail, 1, 1);
			});
			assertPendingAndParked(shop, 1, 0);
			assertThat(tables(shop, "shop_")).hasSize(5).contains("shop_outbox_schema_history");
			assertThat(tables(shop, "outbox")).hasSize(5);
		});
	}

	@ParameterizedTest
	@MethodSource("databases")
	void tablesAreInASchemaOfTheirOwn(String url) {
		run(url, List.of(SCHEMA + "Sales", PREFIX + "shop_"), (context) -> {
			useEverything(context);
			DataSource dataSource = context.getBean(DataSource.class);
			assertThat(new JdbcTemplate(dataSource).queryForList(
					"SELECT table_schema FROM information_schema.tables " + "WHERE LOWER(table_name) LIKE '%outbox%'",
					String.class))
				.hasSize(5)
				.containsOnly("Sales");
			try (Connection one = dataSource.getConnection(); Connection two = dataSource.getConnection()) {
				for (Connection connection : List.of(one, two)) {
					assertThat(connection.getSchema()).isNotEqualTo("Sales");
					assertThat(connection.getCatalog()).isNotEqualTo("Sales");
				}
			}
		});
		run(url, List.of(SCHEMA + "Sales", PREFIX + "shop_", "outbox.schema.migrate=false"),
				(context) -> assertPendingAndParked(context, 1, 1));
	}

	@ParameterizedTest
	@MethodSource("databases")
	void missingTablesAreNamedInFullWithWhatToRun(String url) {
		runner(url).withPropertyValues(SCHEMA + "sales", PREFIX + "shop_", "outbox.schema.migrate=false")
			.run((context) -> assertThat(context.getStartupFailure()).rootCause()
				.satisfies((cause) -> assertThat(context.getStartupFailure())
					.hasStackTraceContaining(".shop_outbox is missing or older")
					.hasStackTraceContaining("(in schema 'sales', with prefix 'shop_')")));
	}

	// Every statement of the outbox; one event stays pending, one parked.
	private static void useEverything(AssertableApplicationContext context) {
		OutboxStore store = context.getBean(OutboxStore.class);
		RelayStore relay = context.getBean(RelayStore.class);
		RelayLock lock = context.getBean(RelayLock.class);
		UUID cleared = publish(context);
		UUID parked = publish(context);
		UUID stays = publish(context);
		assertThat(store.pending(List.of(new PendingQuery(new OrderingKey("purchases", "a"), 0, 10)))).hasSize(3);
		assertThat(store.pending(List.of(cleared, parked, stays))).hasSize(3);
		assertThat(relay.oldestAge()).isPresent();
		List<Attempt> attempts = relay.page(0, 10)
			.stream()
			.map((event) -> new Attempt(event.id(), true, null))
			.toList();
		relay.recordAttempts(attempts);
		relay.recordAttempts(attempts.stream().map((attempt) -> new Attempt(attempt.id(), false, "late")).toList());
		assertThat(relay.page(0, 10)).hasSize(3).allSatisfy((event) -> assertThat(event.attempts()).isEqualTo(2));
		assertThat(store.clear(List.of(cleared))).isOne();
		store.park(parked, "too large", "RecordTooLargeException");
		relay.forgetAttempts();
		assertThat(lock.acquire(Duration.ofSeconds(10))).isTrue();
		lock.release();
		assertPendingAndParked(context, 1, 1);
	}

	private static UUID publish(AssertableApplicationContext context) {
		return context.getBean(OutboxEventPublisher.class)
			.publishManualEvent(context.getBean(EventTypes.class).get("MADE"), "a", null);
	}

	private static void assertPendingAndParked(AssertableApplicationContext context, long pending, long parked) {
		OutboxStatus status = context.getBean(OutboxMonitor.class).status();
		assertThat(status.pending()).isEqualTo(pending);
		assertThat(status.parked()).isEqualTo(parked);
	}

	private static List<String> tables(AssertableApplicationContext context, String prefix) {
		return new JdbcTemplate(context.getBean(DataSource.class)).queryForList(
				"SELECT LOWER(table_name) FROM information_schema.tables WHERE LOWER(table_name) LIKE ?", String.class,
				prefix + "%");
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
