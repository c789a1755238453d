package dev.outbox.test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.outbox.EventType;
import dev.outbox.OutboxEventPublisher;
import dev.outbox.testsupport.KafkaBroker;
import dev.outbox.testsupport.PostgresServer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Measures what publishing costs and how soon an event arrives, on PostgreSQL and a
 * broker that are processes of their own, in turn with the same transaction without an
 * event, and with an outbox written by hand: one INSERT, a send after the commit, no
 * order and no clearing. Run with {@code -Dmeasure=true}.
 */
@EnabledIfSystemProperty(named = "measure", matches = "true")
class MeasurementTests {

	private static final int WARM_UP = 1500;

	private static final int RUNS = 1500;

	private static final Duration APART = Duration.ofMillis(5);

	private static final String FILLER = "x".repeat(180);

	@Test
	void publishingAddsLittleToATransactionAndAnEventArrivesSoon() throws Exception {
		try (Arena arena = new Arena(PostgresServer.shared().createDatabase(), KafkaBroker.shared());
				KafkaProducer<String, String> producer = new KafkaProducer<>(
						Map.of("bootstrap.servers", arena.broker.bootstrapServers(), "acks", "all", "linger.ms", "0"),
						new StringSerializer(), new StringSerializer())) {
			ConfigurableApplicationContext application = arena.start();
			application.getBean(Ledger.class).open(1000);
			JdbcTemplate jdbc = application.getBean(JdbcTemplate.class);
			jdbc.execute("CREATE TABLE by_hand (id VARCHAR(36) PRIMARY KEY, payload TEXT NOT NULL)");
			TransactionTemplate transaction = new TransactionTemplate(
					application.getBean(PlatformTransactionManager.class));
			OutboxEventPublisher publisher = application.getBean(OutboxEventPublisher.class);
			EventType type = application.getBean(EventType.class);
			Map<String, Long> committed = new ConcurrentHashMap<>();
			Map<String, Long> arrived = new ConcurrentHashMap<>();
			AtomicBoolean stop = new AtomicBoolean();
			Thread reader = new Thread(() -> read(arena, arrived, stop));
			reader.start();
			List<Long> without = new ArrayList<>();
			List<Long> ours = new ArrayList<>();
			List<Long> byHand = new ArrayList<>();
			List<String> ourIds = new ArrayList<>();
			List<String> handIds = new ArrayList<>();
			for (int i = 0; i < WARM_UP + RUNS; i++) {
				int account = i % 1000;
				if (i == WARM_UP) {
					List.of(without, ours, byHand).forEach(List::clear);
					List.of(ourIds, handIds).forEach(List::clear);
				}
				without.add(time(() -> transaction.executeWithoutResult((status) -> change(jdbc, account))));
				Thread.sleep(APART.toMillis());
				String[] id = new String[1];
				ours.add(time(() -> id[0] = Objects.toString(transaction.execute((status) -> {
					change(jdbc, account);
					return publisher.publishEvent(type, account, new AccountChanged(account, 1, FILLER));
				}))));
				committed.put(id[0], System.nanoTime());
				ourIds.add(id[0]);
				Thread.sleep(APART.toMillis());
				String handId = UUID.randomUUID().toString();
				String payload = "{\"account\":1,\"sequence\":1,\"filler\":\"" + FILLER + "\"}";
				byHand.add(time(() -> transaction.executeWithoutResult((status) -> {
					change(jdbc, account);
					jdbc.update("INSERT INTO by_hand VALUES (?, ?)", handId, payload);
				})));
				committed.put(handId, System.nanoTime());
				ProducerRecord<String, String> message = new ProducerRecord<>(arena.topic(), handId, payload);
				message.headers().add("event-id", handId.getBytes(StandardCharsets.UTF_8));
				producer.send(message).isDone();
				handIds.add(handId);
				Thread.sleep(APART.toMillis());
			}
			Thread.sleep(1000);
			stop.set(true);
			reader.join();
			System.out.printf("transaction (us): %s%nwith an event: %s%nby hand: %s%n", percentiles(without),
					percentiles(ours), percentiles(byHand));
			System.out.printf("commit to consumer (us): %s%nby hand: %s%n",
					percentiles(latencies(ourIds, committed, arrived)),
					percentiles(latencies(handIds, committed, arrived)));
		}
	}

	private static void change(JdbcTemplate jdbc, int account) {
		jdbc.update("UPDATE ledger SET sequence = sequence + 1 WHERE account = ?", account);
	}

	private static long time(Runnable work) {
		long start = System.nanoTime();
		work.run();
		return System.nanoTime() - start;
	}

	private static void read(Arena arena, Map<String, Long> arrived, AtomicBoolean stop) {
		try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
				Map.of("bootstrap.servers", arena.broker.bootstrapServers(), "auto.offset.reset", "earliest"),
				new StringDeserializer(), new StringDeserializer())) {
			consumer.assign(consumer.partitionsFor(arena.topic())
				.stream()
				.map((partition) -> new TopicPartition(partition.topic(), partition.partition()))
				.toList());
			while (!stop.get()) {
				consumer.poll(Duration.ofMillis(100))
					.forEach((message) -> arrived.putIfAbsent(
							new String(message.headers().lastHeader("event-id").value(), StandardCharsets.UTF_8),
							System.nanoTime()));
			}
		}
	}

	private static List<Long> latencies(List<String> ids, Map<String, Long> committed, Map<String, Long> arrived) {
		return ids.stream()
			.map((id) -> Math.max(0, arrived.getOrDefault(id, Long.MAX_VALUE) - committed.getOrDefault(id, 0L)))
			.toList();
	}

	private static String percentiles(List<Long> nanos) {
		long[] sorted = nanos.stream().mapToLong(Long::longValue).toArray();
		Arrays.sort(sorted);
		return "p50 %d, p90 %d, p99 %d of %d".formatted(sorted[sorted.length / 2] / 1000,
				sorted[sorted.length * 9 / 10] / 1000, sorted[sorted.length * 99 / 100] / 1000, sorted.length);
	}

}
