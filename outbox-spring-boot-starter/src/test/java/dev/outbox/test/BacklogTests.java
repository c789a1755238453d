package dev.outbox.test;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import dev.outbox.testsupport.ChildJvm;
import dev.outbox.testsupport.KafkaBroker;
import dev.outbox.testsupport.PostgresServer;
import dev.outbox.testsupport.TopicReader;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A large backlog and a small heap.
 */
@Tag("long")
class BacklogTests {

	private static final int EVENTS = 200_000;

	private static final int KEYS = 1000;

	private static final int LARGE = 500;

	private static final int EVENTS_PER_CHANGE = 10;

	private static final Pattern CHANGE = Pattern.compile("\"account\":(\\d+),\"sequence\":(\\d+)");

	@ParameterizedTest
	@ValueSource(strings = { "ack", "consumer" })
	void aBacklogIsRelayedInASmallHeap(String mode) {
		try (Arena arena = new Arena(PostgresServer.shared().createDatabase(), KafkaBroker.shared(),
				"outbox.confirmation.mode=" + mode, "outbox.relay.stale-after=5s")) {
			arena.start().close();
			JdbcTemplate jdbc = new JdbcTemplate(new DriverManagerDataSource(arena.jdbcUrl));
			jdbc.update("""
					INSERT INTO outbox (event_id, event_type, topic, partition_key, payload, created_at)
					SELECT gen_random_uuid()::text, 'ACCOUNT_CHANGED', ?, (i % ?)::text,
						'{"payload":{"account":' || (i % ?) || ',"sequence":' || (i / ? + 1) || ',"filler":"'
							|| repeat('x', 220) || '"}}', clock_timestamp() - interval '1 minute'
					FROM generate_series(0, ? - 1) AS s(i)""", arena.topic(), KEYS, KEYS, KEYS, EVENTS);
			List<String> args = arena.arguments(arena.jdbcUrl, arena.broker.bootstrapServers());
			long start = System.nanoTime();
			try (ChildJvm instance = ChildJvm.start(RelayProgram.class,
					List.of("-Xmx64m", "-XX:+ExitOnOutOfMemoryError"), args)) {
				awaitEmpty(jdbc, instance);
				System.out.printf("%s: %d events relayed in %d ms, with the start of the JVM%n", mode, EVENTS,
						Duration.ofNanos(System.nanoTime() - start).toMillis());
				assertThat(instance.output()).noneMatch((line) -> line.contains("OutOfMemoryError"));
			}
			try (TopicReader reader = TopicReader.read(arena.broker.bootstrapServers(), arena.topic())) {
				assertThat(reader.await(EVENTS, Arena.PATIENCE)).hasSizeLessThan(EVENTS + EVENTS / 20);
			}
		}
	}

	// The small ones make the relay expect that many more would fit.
	@Test
	void largeEventsBehindSmallOnesAreRelayedInASmallHeap() {
		try (Arena arena = new Arena(PostgresServer.shared().createDatabase(), KafkaBroker.shared(),
				"outbox.relay.stale-after=5s")) {
			arena.start().close();
			JdbcTemplate jdbc = new JdbcTemplate(new DriverManagerDataSource(arena.jdbcUrl));
			jdbc.update("""
					INSERT INTO outbox (event_id, event_type, topic, partition_key, payload, created_at)
					SELECT gen_random_uuid()::text, 'ACCOUNT_CHANGED', ?, i::text,
						repeat('x', CASE WHEN i <= ? THEN 10 ELSE 1000000 END), clock_timestamp() - interval '1 minute'
					FROM generate_series(1, ?) AS s(i)""", arena.topic(), KEYS, KEYS + LARGE);
			List<String> args = arena.arguments(arena.jdbcUrl, arena.broker.bootstrapServers());
			try (ChildJvm instance = ChildJvm.start(RelayProgram.class,
					List.of("-Xmx128m", "-XX:+ExitOnOutOfMemoryError"), args)) {
				awaitEmpty(jdbc, instance);
			}
		}
	}

	// With -Doutbox.test.backlog=1000000 what an hour of 300 events a second leaves.
	@Test
	void whatIsPublishedDuringALongOutageTakesNoMemoryAndArrivesInOrder() throws Exception {
		int events = Integer.getInteger("outbox.test.backlog", 100_000);
		try (KafkaBroker broker = KafkaBroker.start();
				Arena arena = new Arena(PostgresServer.shared().createDatabase(), broker, "outbox.relay.stale-after=5s",
						"ledger.events=" + EVENTS_PER_CHANGE)) {
			ConfigurableApplicationContext first = arena.start();
			Ledger ledger = first.getBean(Ledger.class);
			ledger.open(100);
			ledger.run(8, 100, 100, 1);
			arena.judge(first);
			first.close();
			broker.stop();
			JdbcTemplate jdbc = new JdbcTemplate(new DriverManagerDataSource(arena.jdbcUrl));
			List<String> args = arena.arguments(arena.jdbcUrl, broker.bootstrapServers(),
					String.valueOf(events / EVENTS_PER_CHANGE));
			try (ChildJvm instance = ChildJvm.start(LedgerProgram.class,
					List.of("-Xmx128m", "-XX:+ExitOnOutOfMemoryError"), args)) {
				instance.awaitLine(LedgerProgram.COMMITTED, Duration.ofMinutes(15));
				Integer pending = jdbc.queryForObject("SELECT COUNT(*) FROM outbox", Integer.class);
				broker.restart();
				long start = System.nanoTime();
				awaitEmpty(jdbc, instance);
				System.out.printf("%d events pending after an outage, gone after %d ms%n", pending,
						Duration.ofNanos(System.nanoTime() - start).toMillis());
				assertThat(pending).isGreaterThan(events * 8 / 10);
			}
			assertThat(last(broker.bootstrapServers(), arena.topic())).isEqualTo(jdbc
				.query("SELECT account, sequence FROM ledger",
						(row, number) -> Map.entry(row.getInt(1), row.getLong(2)))
				.stream()
				.collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
		}
	}

	// The last number of each account; each one comes after the one before it.
	private static Map<Integer, Long> last(String servers, String topic) {
		Map<Integer, Long> last = new HashMap<>();
		try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(Map.of("bootstrap.servers", servers),
				new StringDeserializer(), new StringDeserializer())) {
			List<TopicPartition> partitions = consumer.partitionsFor(topic)
				.stream()
				.map((partition) -> new TopicPartition(topic, partition.partition()))
				.toList();
			consumer.assign(partitions);
			consumer.seekToBeginning(partitions);
			Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
			while (ends.entrySet().stream().anyMatch((end) -> consumer.position(end.getKey()) < end.getValue())) {
				for (ConsumerRecord<String, String> message : consumer.poll(Duration.ofSeconds(1))) {
					Matcher change = CHANGE.matcher(message.value());
					assertThat(change.find()).isTrue();
					int account = Integer.parseInt(change.group(1));
					long number = Long.parseLong(change.group(2));
					assertThat(number).isLessThanOrEqualTo(last.getOrDefault(account, 0L) + 1);
					last.merge(account, number, Math::max);
				}
			}
		}
		return last;
	}

	private static void awaitEmpty(JdbcTemplate jdbc, ChildJvm instance) {
		await().atMost(Duration.ofMinutes(5)).pollInterval(Duration.ofMillis(250)).until(() -> {
			assertThat(instance.isAlive()).as("%s", instance.output()).isTrue();
			return jdbc.queryForList("SELECT outbox_id FROM outbox LIMIT 1").isEmpty();
		});
	}

}
