package dev.outbox.test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;

import dev.outbox.EventType;
import dev.outbox.OutboxEventPublisher;
import dev.outbox.testsupport.KafkaBroker;
import dev.outbox.testsupport.PostgresServer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Measures what publishing costs and how long an event takes, on PostgreSQL and a broker
 * that are processes of their own. Run with {@code -Dmeasure=true}.
 */
@EnabledIfSystemProperty(named = "measure", matches = "true")
class MeasurementTests {

	private static final int WARM_UP = 2000;

	private static final int RUNS = 2000;

	@Test
	void publishingAddsLittleToATransactionAndAnEventArrivesSoon() throws Exception {
		try (Arena arena = new Arena(PostgresServer.shared().createDatabase(), KafkaBroker.shared())) {
			ConfigurableApplicationContext application = arena.start();
			application.getBean(Ledger.class).open(1000);
			JdbcTemplate jdbc = application.getBean(JdbcTemplate.class);
			OutboxEventPublisher publisher = application.getBean(OutboxEventPublisher.class);
			EventType type = application.getBean(EventType.class);
			TransactionTemplate transaction = new TransactionTemplate(
					application.getBean(PlatformTransactionManager.class));
			IntConsumer without = (i) -> transaction.executeWithoutResult(
					(status) -> jdbc.update("UPDATE ledger SET sequence = sequence + 1 WHERE account = ?", i % 1000));
			Map<String, Long> committed = new ConcurrentHashMap<>();
			List<Long> latencies = new ArrayList<>();
			IntConsumer with = (i) -> {
				UUID eventId = transaction.execute((status) -> {
					jdbc.update("UPDATE ledger SET sequence = sequence + 1 WHERE account = ?", i % 1000);
					return publisher.publishEvent(type, i % 1000, new AccountChanged(i % 1000, i, "x".repeat(180)));
				});
				committed.put(String.valueOf(eventId), System.nanoTime());
			};
			AtomicBoolean stop = new AtomicBoolean();
			Thread reader = new Thread(() -> read(arena, committed, latencies, stop));
			reader.start();
			measure(without, WARM_UP);
			measure(with, WARM_UP);
			List<Long> alone = new ArrayList<>();
			List<Long> published = new ArrayList<>();
			for (int round = 0; round < 10; round++) {
				alone.addAll(measure(without, RUNS / 10));
				published.addAll(measure(with, RUNS / 10));
			}
			synchronized (latencies) {
				latencies.clear();
			}
			// An idle system: one event at a time, 20 ms apart.
			for (int i = 0; i < 500; i++) {
				with.accept(i);
				Thread.sleep(20);
			}
			stop.set(true);
			reader.join();
			System.out.printf("transaction: %s; with an event of 300 bytes: %s; commit to consumer, idle: %s (us)%n",
					percentiles(alone), percentiles(published), percentiles(latencies));
			assertThat(median(published) - median(alone)).isLessThan(Duration.ofNanos(500_000).toNanos());
		}
	}

	private static List<Long> measure(IntConsumer work, int times) {
		List<Long> nanos = new ArrayList<>(times);
		for (int i = 0; i < times; i++) {
			long start = System.nanoTime();
			work.accept(i);
			nanos.add(System.nanoTime() - start);
		}
		return nanos;
	}

	private static void read(Arena arena, Map<String, Long> committed, List<Long> latencies, AtomicBoolean stop) {
		Map<String, Object> settings = new HashMap<>(
				Map.of("bootstrap.servers", arena.broker.bootstrapServers(), "auto.offset.reset", "earliest"));
		try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(settings, new StringDeserializer(),
				new StringDeserializer())) {
			consumer.assign(consumer.partitionsFor(arena.topic())
				.stream()
				.map((partition) -> new TopicPartition(partition.topic(), partition.partition()))
				.toList());
			while (!stop.get()) {
				consumer.poll(Duration.ofMillis(100)).forEach((message) -> {
					long now = System.nanoTime();
					String id = new String(message.headers().lastHeader("event-id").value(), StandardCharsets.UTF_8);
					// The commit may be noted after the arrival: then it took no time.
					Long at = committed.get(id);
					synchronized (latencies) {
						latencies.add((at != null) ? Math.max(0, now - at) : 0);
					}
				});
			}
		}
	}

	private static long median(List<Long> nanos) {
		long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
		return sorted[sorted.length / 2];
	}

	private static String percentiles(List<Long> nanos) {
		long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
		return "p50 %d, p90 %d, p99 %d of %d".formatted(sorted[sorted.length / 2] / 1000,
				sorted[sorted.length * 9 / 10] / 1000, sorted[sorted.length * 99 / 100] / 1000,
				Arrays.stream(sorted).count());
	}

}
