package dev.outbox.test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

import dev.outbox.BlockedRow;
import dev.outbox.EventType;
import dev.outbox.OutboxEventPublisher;
import dev.outbox.OutboxMonitor;
import dev.outbox.OutboxOperations;
import dev.outbox.Outcome;
import dev.outbox.RowFilter;
import dev.outbox.testsupport.KafkaBroker;
import dev.outbox.testsupport.TopicReader;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What becomes of an event that the broker refuses, by the policy of its type.
 */
@Tag("long")
class PoisonTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final String TOO_LARGE = "x".repeat(5000);

	@ParameterizedTest
	@ValueSource(strings = { "consumer", "ack" })
	void deadLetterTellsWhyAndIsConfirmedLikeAnyEvent(String mode) throws Exception {
		try (Arena arena = new Arena(Arena.h2(), KafkaBroker.shared(), "outbox.poison.ACCOUNT_CHANGED=dead-letter",
				"outbox.relay.stale-after=2s", "outbox.confirmation.mode=" + mode)) {
			String dead = arena.topic() + "-dlt";
			arena.broker.createTopic(dead, 1);
			Arena.setLargestRecord(arena.topic(), "2000");
			ConfigurableApplicationContext application = arena.start();
			List<UUID> ids = publish(application, "before", TOO_LARGE, "after");
			try (TopicReader reader = TopicReader.read(arena.broker.bootstrapServers(), arena.topic(), dead)) {
				List<ConsumerRecord<String, String>> records = reader.await(3, PATIENCE);
				assertThat(records.stream().filter((message) -> message.topic().equals(arena.topic())))
					.extracting((message) -> header(message, "event-id"))
					.containsExactly(ids.get(0).toString(), ids.get(2).toString());
				assertThat(records.stream().filter((message) -> message.topic().equals(dead))).singleElement()
					.satisfies((message) -> {
						assertThat(message.value()).contains(TOO_LARGE);
						assertThat(message.key()).isEqualTo("key");
						assertThat(header(message, "event-id")).isEqualTo(ids.get(1).toString());
						assertThat(header(message, "kafka_dlt-original-topic")).isEqualTo(arena.topic());
						assertThat(header(message, "kafka_dlt-exception-fqcn"))
							.isEqualTo("org.apache.kafka.common.errors.RecordTooLargeException");
						assertThat(header(message, "kafka_dlt-exception-message")).isNotBlank();
					});
			}
			awaitDrained(application);
			assertThat(application.getBean(OutboxMonitor.class).status().parked()).isZero();
		}
	}

	@Test
	void deadLetterThatIsRefusedTooIsParked() throws Exception {
		try (Arena arena = new Arena(Arena.h2(), KafkaBroker.shared(), "outbox.poison-default=dead-letter",
				"outbox.relay.stale-after=1s")) {
			arena.broker.createTopic(arena.topic() + "-dlt", 1);
			Arena.setLargestRecord(arena.topic(), "2000");
			Arena.setLargestRecord(arena.topic() + "-dlt", "2000");
			ConfigurableApplicationContext application = arena.start();
			publish(application, TOO_LARGE);
			OutboxOperations operations = application.getBean(OutboxOperations.class);
			await().atMost(PATIENCE).until(() -> !operations.parked(RowFilter.ANY, 0, 10).isEmpty());
			assertThat(operations.parked(RowFilter.ANY, 0, 10).get(0).topic()).isEqualTo(arena.topic() + "-dlt");
			awaitDrained(application);
		}
	}

	@Test
	void blockedEventHoldsItsKeyAcrossRestartsUntilItsCauseIsRemoved() throws Exception {
		try (Arena arena = new Arena(Arena.h2(), KafkaBroker.shared(), "outbox.poison.ACCOUNT_CHANGED=block",
				"outbox.relay.stale-after=1s")) {
			Arena.setLargestRecord(arena.topic(), "2000");
			ConfigurableApplicationContext first = arena.start();
			List<UUID> ids = publish(first, "before", TOO_LARGE, "after");
			OutboxOperations operations = first.getBean(OutboxOperations.class);
			await().atMost(PATIENCE).until(() -> operations.blocked(RowFilter.ANY, 0, 10).size() == 1);
			first.close();
			ConfigurableApplicationContext second = arena.start();
			second.getBean(OutboxEventPublisher.class)
				.publishManualEvent(second.getBean(EventType.class), "other", "goes on");
			OutboxMonitor monitor = second.getBean(OutboxMonitor.class);
			await().atMost(PATIENCE).until(() -> monitor.status().pending() == 2);
			await().atMost(PATIENCE).until(() -> monitor.status().oldestPending().compareTo(Duration.ofSeconds(5)) > 0);
			BlockedRow row = second.getBean(OutboxOperations.class).blocked(RowFilter.ANY, 0, 10).get(0);
			assertThat(row.eventId()).isEqualTo(ids.get(1).toString());
			assertThat(row.errorClass()).isEqualTo("RecordTooLargeException");
			Arena.setLargestRecord(arena.topic(), "1000000");
			assertThat(second.getBean(OutboxOperations.class).unblock(List.of(row.id()))).isEqualTo(new Outcome(1, 1));
			assertThat(ofKey(arena, 3)).containsExactlyElementsOf(ids.stream().map(UUID::toString).toList());
			awaitDrained(second);
		}
	}

	@Test
	void keyOfABlockedEventGoesOnWithoutItWhenItIsDiscarded() throws Exception {
		try (Arena arena = new Arena(Arena.h2(), KafkaBroker.shared(), "outbox.poison-default=block",
				"outbox.relay.stale-after=1s")) {
			Arena.setLargestRecord(arena.topic(), "2000");
			ConfigurableApplicationContext application = arena.start();
			List<UUID> ids = publish(application, TOO_LARGE, "after", "and after");
			OutboxOperations operations = application.getBean(OutboxOperations.class);
			await().atMost(PATIENCE).until(() -> operations.blocked(RowFilter.ANY, 0, 10).size() == 1);
			long id = operations.blocked(RowFilter.ANY, 0, 10).get(0).id();
			assertThat(operations.discard(List.of(id), "test")).isEqualTo(new Outcome(1, 1));
			assertThat(ofKey(arena, 2)).containsExactly(ids.get(1).toString(), ids.get(2).toString());
			awaitDrained(application);
		}
	}

	private static List<UUID> publish(ConfigurableApplicationContext application, String... payloads) {
		OutboxEventPublisher publisher = application.getBean(OutboxEventPublisher.class);
		EventType type = application.getBean(EventType.class);
		return List.of(payloads).stream().map((payload) -> publisher.publishManualEvent(type, "key", payload)).toList();
	}

	private static List<String> ofKey(Arena arena, int count) {
		try (TopicReader reader = TopicReader.read(arena.broker.bootstrapServers(), arena.topic())) {
			await().atMost(PATIENCE).until(() -> ofKey(reader).size() == count);
			return ofKey(reader);
		}
	}

	private static List<String> ofKey(TopicReader reader) {
		return reader.records()
			.stream()
			.filter((message) -> message.key().equals("key"))
			.map((message) -> header(message, "event-id"))
			.distinct()
			.toList();
	}

	private static void awaitDrained(ConfigurableApplicationContext application) {
		await().atMost(PATIENCE).until(() -> application.getBean(OutboxMonitor.class).status().pending() == 0);
	}

	private static String header(ConsumerRecord<String, String> message, String name) {
		return new String(message.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
	}

}
