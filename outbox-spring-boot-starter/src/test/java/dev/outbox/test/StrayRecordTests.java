package dev.outbox.test;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;

import dev.outbox.EventType;
import dev.outbox.OutboxEventPublisher;
import dev.outbox.OutboxMonitor;
import dev.outbox.OutboxStatus;
import dev.outbox.testsupport.KafkaBroker;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What others write to the topics of the outbox.
 */
@Tag("long")
class StrayRecordTests {

	private static final String SOURCE = "outbox-source";

	private static final String EVENT_ID = "event-id";

	private final Random random = new Random(7);

	@Test
	void strayRecordsAreSkippedAndCountedAndEventsAmongThemAreConfirmed() {
		try (Arena arena = new Arena(Arena.h2(), KafkaBroker.shared(), "outbox.relay.stale-after=1m")) {
			ConfigurableApplicationContext application = arena.start();
			OutboxEventPublisher publisher = application.getBean(OutboxEventPublisher.class);
			EventType type = application.getBean(EventType.class);
			OutboxMonitor monitor = application.getBean(OutboxMonitor.class);
			publisher.publishManualEvent(type, "first", "payload");
			await().atMost(Arena.PATIENCE).until(() -> monitor.status().pending() == 0);
			UUID pending = storeWithoutSending(application, arena.topic());
			try (KafkaProducer<byte[], byte[]> others = others(arena)) {
				for (int i = 0; i < 50; i++) {
					write(others, arena, bytes(), Map.of());
					write(others, arena, null, Map.of());
					write(others, arena, bytes(), Map.of(SOURCE, bytes(), EVENT_ID, bytes(), "event-type", bytes()));
					write(others, arena, bytes(), Map.of(SOURCE, text("another"), EVENT_ID, text(pending.toString())));
					write(others, arena, null, Map.of(EVENT_ID, text(pending.toString())));
					write(others, arena, bytes(), Map.of(SOURCE, text(arena.topic()), EVENT_ID, bytes()));
					write(others, arena, null, Map.of(SOURCE, text(arena.topic())));
					write(others, arena, null,
							Map.of(SOURCE, text(arena.topic()), EVENT_ID, text(UUID.randomUUID().toString())));
				}
			}
			for (int i = 0; i < 20; i++) {
				publisher.publishManualEvent(type, "key" + i, "payload");
			}
			await().atMost(Arena.PATIENCE).until(() -> monitor.status().pending() == 1);
			await().atMost(Arena.PATIENCE)
				.until(() -> monitor.status().skipped().equals(new OutboxStatus.Skipped(250, 100)));
			assertThat(
					application.getBean(JdbcTemplate.class).queryForList("SELECT event_id FROM outbox", String.class))
				.isEqualTo(List.of(pending.toString()));
			assertThat(monitor.status().troubles()).isEmpty();
		}
	}

	// Nobody has it in memory, and it is not stale yet.
	private static UUID storeWithoutSending(ConfigurableApplicationContext application, String topic) {
		UUID id = UUID.randomUUID();
		application.getBean(JdbcTemplate.class)
			.update("INSERT INTO outbox (event_id, event_type, topic, partition_key, payload, created_at) "
					+ "VALUES (?, 'ACCOUNT_CHANGED', ?, 'other', '{}', CURRENT_TIMESTAMP(6))", id.toString(), topic);
		return id;
	}

	private static KafkaProducer<byte[], byte[]> others(Arena arena) {
		return new KafkaProducer<>(Map.of("bootstrap.servers", arena.broker.bootstrapServers()),
				new ByteArraySerializer(), new ByteArraySerializer());
	}

	private void write(KafkaProducer<byte[], byte[]> producer, Arena arena, byte @Nullable [] value,
			Map<String, byte[]> headers) {
		ProducerRecord<byte[], byte[]> message = new ProducerRecord<>(arena.topic(), bytes(), value);
		headers.forEach((name, header) -> message.headers().add(name, header));
		var unused = producer.send(message);
	}

	private byte[] bytes() {
		byte[] bytes = new byte[this.random.nextInt(1, 500)];
		this.random.nextBytes(bytes);
		return bytes;
	}

	private static byte[] text(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

}
