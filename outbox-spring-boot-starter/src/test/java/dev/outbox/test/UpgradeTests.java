package dev.outbox.test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import javax.sql.DataSource;

import dev.outbox.OutboxMonitor;
import dev.outbox.schema.SchemaCheck;
import dev.outbox.testsupport.Database;
import dev.outbox.testsupport.KafkaBroker;
import dev.outbox.testsupport.TopicReader;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.core.io.FileSystemResource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.awaitility.Awaitility.await;

/**
 * From the tables of the first release to today's, with events in them and while an
 * instance of that release goes on publishing. What the release had is kept in
 * {@code released} and {@link ReleasedPublisher}, which never change.
 */
@Tag("long")
class UpgradeTests {

	private static final Path RELEASED = Path.of("src/test/resources/released/0.1.0");

	@ParameterizedTest
	@EnumSource
	void whatIsPendingIsDeliveredAndWhatIsParkedIsKept(Database database) throws Exception {
		try (Arena arena = new Arena(database.create(), KafkaBroker.shared(), "outbox.relay.stale-after=1s")) {
			DataSource dataSource = new DriverManagerDataSource(arena.jdbcUrl);
			JdbcTemplate jdbc = new JdbcTemplate(dataSource);
			migrateAsReleased(dataSource, database);
			try (ReleasedPublisher publisher = new ReleasedPublisher(dataSource, arena.topic())) {
				publisher.publish(50);
				publisher.attempt(10);
				publisher.park(3);
				List<Map<String, Object>> parked = publisher.parked();
				publisher.start();
				publisher.awaitMore(20);
				var instance = arena.start();
				publisher.awaitMore(20);
				publisher.stop();
				List<String> published = publisher.published();
				try (TopicReader reader = TopicReader.read(arena.broker.bootstrapServers(), arena.topic())) {
					List<ConsumerRecord<String, String>> records = reader.await(published.size(), Arena.PATIENCE);
					await().atMost(Arena.PATIENCE)
						.until(() -> instance.getBean(OutboxMonitor.class).status().pending() == 0);
					assertThat(records.stream().map(UpgradeTests::eventId).distinct())
						.containsExactlyInAnyOrderElementsOf(published);
				}
				await().atMost(Arena.PATIENCE)
					.until(() -> jdbc.queryForList("SELECT outbox_id FROM outbox_attempt").isEmpty());
				assertThat(publisher.parked()).hasSize(3).isEqualTo(parked);
				assertThat(instance.getBean(OutboxMonitor.class).status().parked()).isEqualTo(3);
			}
		}
	}

	@ParameterizedTest
	@EnumSource
	void scriptsOfLaterVersionsMayBeRunByHand(Database database) throws IOException {
		DataSource dataSource = new DriverManagerDataSource(database.create());
		String first = Files.readString(RELEASED.resolve(database.vendor()).resolve("V1__outbox.sql"));
		Path created = Files.createTempFile("V1__outbox", ".sql");
		Files.writeString(created, first.replace("${prefix}", ""));
		run(created, dataSource);
		Files.delete(created);
		try (ReleasedPublisher publisher = new ReleasedPublisher(dataSource, "topic")) {
			publisher.publish(5);
			publisher.park(5);
			List<Map<String, Object>> parked = publisher.parked();
			try (Stream<Path> scripts = Files.list(Path.of("..", "db", database.vendor()))) {
				scripts.sorted()
					.filter((script) -> !script.getFileName().toString().startsWith("V1__"))
					.forEach((script) -> run(script, dataSource));
			}
			assertThatNoException().isThrownBy(new SchemaCheck(dataSource, database.vendor())::check);
			assertThat(publisher.pending()).isEqualTo(publisher.published());
			assertThat(publisher.parked()).isEqualTo(parked);
		}
	}

	private static void migrateAsReleased(DataSource dataSource, Database database) {
		Flyway.configure(UpgradeTests.class.getClassLoader())
			.dataSource(dataSource)
			.locations("filesystem:" + RELEASED.resolve(database.vendor()))
			.table("outbox_schema_history")
			.placeholders(Map.of("prefix", ""))
			.baselineOnMigrate(true)
			.baselineVersion("0")
			.load()
			.migrate();
	}

	private static void run(Path script, DataSource dataSource) {
		new ResourceDatabasePopulator(new FileSystemResource(script)).execute(dataSource);
	}

	private static String eventId(ConsumerRecord<String, String> event) {
		return new String(event.headers().lastHeader("event-id").value(), StandardCharsets.UTF_8);
	}

}
