package dev.outbox.test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import dev.outbox.testsupport.ChildJvm;
import dev.outbox.testsupport.KafkaBroker;
import dev.outbox.testsupport.PostgresServer;
import dev.outbox.testsupport.TopicReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A large backlog and a small heap.
 */
class BacklogTests {

	private static final int EVENTS = 200_000;

	private static final int KEYS = 1000;

	private static final int LARGE = 300;

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
			List<String> args = new ArrayList<>(List.of(arena.jdbcUrl, arena.broker.bootstrapServers()));
			args.addAll(Arrays.asList(arena.settings()));
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
			List<String> args = new ArrayList<>(List.of(arena.jdbcUrl, arena.broker.bootstrapServers()));
			args.addAll(Arrays.asList(arena.settings()));
			try (ChildJvm instance = ChildJvm.start(RelayProgram.class,
					List.of("-Xmx128m", "-XX:+ExitOnOutOfMemoryError"), args)) {
				awaitEmpty(jdbc, instance);
			}
		}
	}

	private static void awaitEmpty(JdbcTemplate jdbc, ChildJvm instance) {
		await().atMost(Duration.ofMinutes(5)).pollInterval(Duration.ofMillis(250)).until(() -> {
			assertThat(instance.isAlive()).as("%s", instance.output()).isTrue();
			return jdbc.queryForList("SELECT outbox_id FROM outbox LIMIT 1").isEmpty();
		});
	}

}
