package dev.outbox.test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntFunction;
import java.util.stream.LongStream;

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
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Measures what publishing costs and how soon an event arrives, on PostgreSQL and a
 * broker that are processes of their own, in turn with the same transaction without an
 * event, and with an outbox written by hand: one INSERT, a send after the commit, no
 * order and no clearing. Run with {@code -Dmeasure=true}.
 */
@EnabledIfSystemProperty(named = "measure", matches = "true")
class MeasurementTests {

	private static final int WARM_UP = 10_000;

	private static final int RUNS = 1500;

	private static final int ACCOUNTS = 1000;

	private static final Duration APART = Duration.ofMillis(5);

	private static final String FILLER = "x".repeat(180);

	@Test
	void publishingAddsLittleToATransactionAndAnEventArrivesSoon() throws Exception {
		try (Arena arena = new Arena(PostgresServer.shared().createDatabase(), KafkaBroker.shared());
				KafkaProducer<String, String> producer = new KafkaProducer<>(
						Map.of("bootstrap.servers", arena.broker.bootstrapServers(), "acks", "all", "linger.ms", "0"),
						new StringSerializer(), new StringSerializer())) {
			ConfigurableApplicationContext application = arena.start();
			application.getBean(Ledger.class).open(ACCOUNTS);
			JdbcTemplate jdbc = application.getBean(JdbcTemplate.class);
			jdbc.execute("CREATE TABLE by_hand (id VARCHAR(36) PRIMARY KEY, payload TEXT NOT NULL)");
			OutboxEventPublisher publisher = application.getBean(OutboxEventPublisher.class);
			EventType type = application.getBean(EventType.class);
			JsonMapper mapper = application.getBean(JsonMapper.class);
			TransactionTemplate transaction = new TransactionTemplate(
					application.getBean(PlatformTransactionManager.class));
			List<Contestant> contestants = List.of(new Contestant("without an event", transaction, (account) -> {
				change(jdbc, account);
				return null;
			}), new Contestant("outbox", transaction, (account) -> {
				change(jdbc, account);
				return publisher.publishEvent(type, account, new AccountChanged(account, 1, FILLER)).toString();
			}), new Contestant("by hand", transaction, (account) -> {
				change(jdbc, account);
				return publishByHand(jdbc, mapper, producer, arena.topic(), account);
			}));
			Map<String, Long> arrived = new ConcurrentHashMap<>();
			AtomicBoolean stop = new AtomicBoolean();
			Thread reader = new Thread(() -> read(arena, arrived, stop));
			reader.start();
			for (int i = 0; i < WARM_UP + RUNS; i++) {
				if (i == WARM_UP) {
					Thread.sleep(3000);
					contestants.forEach(Contestant::forget);
				}
				for (int turn = 0; turn < contestants.size(); turn++) {
					contestants.get((i + turn) % contestants.size()).run(i % ACCOUNTS);
					if (i >= WARM_UP) {
						Thread.sleep(APART.toMillis());
					}
				}
			}
			Thread.sleep(1000);
			stop.set(true);
			reader.join();
			contestants.forEach((contestant) -> contestant.print(arrived));
		}
	}

	private static void change(JdbcTemplate jdbc, int account) {
		jdbc.update("UPDATE ledger SET sequence = sequence + 1 WHERE account = ?", account);
	}

	private static String publishByHand(JdbcTemplate jdbc, JsonMapper mapper, KafkaProducer<String, String> producer,
			String topic, int account) {
		String id = UUID.randomUUID().toString();
		String payload = mapper.writeValueAsString(new AccountChanged(account, 1, FILLER));
		jdbc.update("INSERT INTO by_hand VALUES (?, ?)", id, payload);
		ProducerRecord<String, String> message = new ProducerRecord<>(topic, String.valueOf(account), payload);
		message.headers().add("event-id", id.getBytes(StandardCharsets.UTF_8));
		TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

			@Override
			public void afterCommit() {
				producer.send(message).isDone();
			}

		});
		return id;
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

	private static String percentiles(LongStream nanos) {
		long[] sorted = nanos.sorted().toArray();
		return "p50 %d, p90 %d, p99 %d of %d".formatted(sorted[sorted.length / 2] / 1000,
				sorted[sorted.length * 9 / 10] / 1000, sorted[sorted.length * 99 / 100] / 1000, sorted.length);
	}

	/**
	 * One way of doing a transaction, and the times it took.
	 */
	private static final class Contestant {

		private final String name;

		private final TransactionTemplate transaction;

		private final IntFunction<@Nullable String> work;

		private final List<Long> times = new ArrayList<>();

		private final Map<String, Long> committed = new LinkedHashMap<>();

		Contestant(String name, TransactionTemplate transaction, IntFunction<@Nullable String> work) {
			this.name = name;
			this.transaction = transaction;
			this.work = work;
		}

		void run(int account) {
			long start = System.nanoTime();
			String id = this.transaction.execute((status) -> this.work.apply(account));
			long end = System.nanoTime();
			this.times.add(end - start);
			if (id != null) {
				this.committed.put(id, end);
			}
		}

		void forget() {
			this.times.clear();
			this.committed.clear();
		}

		void print(Map<String, Long> arrived) {
			System.out.printf("%s: transaction (us) %s%n", this.name,
					percentiles(this.times.stream().mapToLong(Long::longValue)));
			if (!this.committed.isEmpty()) {
				System.out.printf("%s: commit to consumer (us) %s%n", this.name,
						percentiles(this.committed.entrySet()
							.stream()
							.mapToLong((event) -> Math.max(0,
									arrived.getOrDefault(event.getKey(), Long.MAX_VALUE) - event.getValue()))));
			}
		}

	}

}
