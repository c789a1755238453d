package dev.outbox.test;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import dev.outbox.EventType;
import dev.outbox.OutboxEventPublisher;
import dev.outbox.OutboxMonitor;
import dev.outbox.OutboxOperations;
import dev.outbox.OutboxTrouble;
import dev.outbox.OutboxTrouble.Kind;
import dev.outbox.Outcome;
import dev.outbox.ParkedRow;
import dev.outbox.RowFilter;
import dev.outbox.testsupport.KafkaBroker;
import dev.outbox.testsupport.TopicReader;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Trouble that concerns one event or one topic.
 */
class TroubleTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	@Test
	void anEventThatTheBrokerRefusesIsParkedAndTheOthersOfItsKeyGoOnInOrder() throws Exception {
		try (Arena arena = new Arena(Arena.h2(), KafkaBroker.shared())) {
			Arena.setLargestRecord(arena.topic(), "2000");
			ConfigurableApplicationContext application = arena.start();
			OutboxEventPublisher publisher = application.getBean(OutboxEventPublisher.class);
			EventType type = application.getBean(EventType.class);
			for (int i = 0; i < 100; i++) {
				publisher.publishManualEvent(type, "key", Map.of("i", i, "filler", "x".repeat((i == 50) ? 5000 : 10)));
			}
			try (TopicReader reader = TopicReader.read(arena.broker.bootstrapServers(), arena.topic())) {
				reader.await(99, PATIENCE);
				OutboxMonitor monitor = application.getBean(OutboxMonitor.class);
				await().atMost(PATIENCE).until(() -> monitor.status().pending() == 0);
				assertThat(monitor.status().parked()).isEqualTo(1);
				List<String> arrived = reader.records().stream().map((message) -> message.value()).distinct().toList();
				assertThat(arrived).hasSize(99);
				int previous = -1;
				for (String value : arrived) {
					int i = Integer.parseInt(value.replaceAll(".*\"i\":(\\d+).*", "$1"));
					assertThat(i).isGreaterThan(previous).isNotEqualTo(50);
					previous = i;
				}
			}
		}
	}

	@Test
	void aParkedEventIsDeliveredWhenItsCauseIsRemovedAndItIsResent() throws Exception {
		try (Arena arena = new Arena(Arena.h2(), KafkaBroker.shared(), "outbox.relay.stale-after=2s")) {
			Arena.setLargestRecord(arena.topic(), "2000");
			ConfigurableApplicationContext application = arena.start();
			OutboxEventPublisher publisher = application.getBean(OutboxEventPublisher.class);
			EventType type = application.getBean(EventType.class);
			OutboxOperations operations = application.getBean(OutboxOperations.class);
			UUID parked = publisher.publishManualEvent(type, "key", "x".repeat(5000));
			RowFilter filter = RowFilter.ANY.withEventId(parked);
			await().atMost(PATIENCE).until(() -> !operations.parked(filter, 0, 1).isEmpty());
			ParkedRow row = operations.parked(filter, 0, 1).get(0);
			assertThat(row.errorClass()).isEqualTo("RecordTooLargeException");
			Arena.setLargestRecord(arena.topic(), "1000000");
			assertThat(operations.resend(List.of(row.id()))).isEqualTo(new Outcome(1, 1));
			try (TopicReader reader = TopicReader.read(arena.broker.bootstrapServers(), arena.topic())) {
				assertThat(reader.await(1, PATIENCE).get(0).value()).contains(parked.toString());
			}
			OutboxMonitor monitor = application.getBean(OutboxMonitor.class);
			await().atMost(PATIENCE).until(() -> monitor.status().pending() == 0);
			assertThat(monitor.status().parked()).isZero();
		}
	}

	@Test
	void eventsOfAMissingTopicWaitForItAndTheOthersGoOn() throws Exception {
		String missing = "missing." + UUID.randomUUID();
		try (Arena arena = new Arena(Arena.h2(), KafkaBroker.shared(), "outbox.event-types.MISSING=" + missing,
				"outbox.relay.stale-after=2s")) {
			ConfigurableApplicationContext application = arena.start();
			OutboxEventPublisher publisher = application.getBean(OutboxEventPublisher.class);
			OutboxMonitor monitor = application.getBean(OutboxMonitor.class);
			publisher.publishManualEvent(new LedgerEventType("MISSING", missing), "key", "waits");
			for (int i = 0; i < 20; i++) {
				publisher.publishManualEvent(application.getBean(EventType.class), "key" + i, "goes on");
			}
			await().atMost(PATIENCE).until(() -> monitor.status().pending() == 1);
			assertThat(monitor.status().troubles()).singleElement().satisfies((trouble) -> {
				assertThat(trouble.kind()).isEqualTo(Kind.TOPIC);
				assertThat(trouble.topic()).isEqualTo(missing);
				assertThat(trouble.reason()).contains("not present in metadata", "Create it");
			});
			arena.broker.createTopic(missing, 1);
			try (TopicReader reader = TopicReader.read(arena.broker.bootstrapServers(), missing)) {
				assertThat(reader.await(1, Duration.ofSeconds(60)).get(0).value()).contains("waits");
			}
			await().atMost(PATIENCE).until(() -> monitor.status().pending() == 0);
			assertThat(monitor.status().parked()).isZero();
			assertThat(troubles(application)).isEmpty();
		}
	}

	@Test
	void topicThatMayNotBeWrittenToIsToldUntilItMay() {
		String secret = "secret." + UUID.randomUUID();
		try (Arena arena = new Arena(Arena.h2(), KafkaBroker.shared(), "outbox.event-types.SECRET=" + secret,
				"outbox.relay.stale-after=2s")) {
			arena.broker.createTopic(secret, 1);
			arena.broker.deny(ResourceType.TOPIC, secret, AclOperation.WRITE);
			ConfigurableApplicationContext application = arena.start();
			OutboxEventPublisher publisher = application.getBean(OutboxEventPublisher.class);
			publisher.publishManualEvent(new LedgerEventType("SECRET", secret), "key", "waits");
			publisher.publishManualEvent(application.getBean(EventType.class), "key", "goes on");
			await().atMost(PATIENCE).untilAsserted(() -> assertThat(troubles(application)).anySatisfy((trouble) -> {
				assertThat(trouble.kind()).isEqualTo(Kind.TOPIC);
				assertThat(trouble.topic()).isEqualTo(secret);
				assertThat(trouble.reason()).contains("TopicAuthorizationException", "grant the right to write");
			}));
			OutboxMonitor monitor = application.getBean(OutboxMonitor.class);
			await().atMost(PATIENCE).until(() -> monitor.status().pending() == 1);
			arena.broker.allow(ResourceType.TOPIC, secret);
			await().atMost(Arena.PATIENCE).until(() -> monitor.status().pending() == 0);
			assertThat(troubles(application)).isEmpty();
		}
	}

	@Test
	void consumersThatCannotBeCreatedAreToldOfAndEventsAreSentAllTheSame() {
		try (Arena arena = new Arena(Arena.h2(), KafkaBroker.shared(),
				"outbox.confirmation.properties.receive.buffer.bytes=many")) {
			ConfigurableApplicationContext application = arena.start();
			application.getBean(OutboxEventPublisher.class)
				.publishManualEvent(application.getBean(EventType.class), "key", "is sent");
			try (TopicReader reader = TopicReader.read(arena.broker.bootstrapServers(), arena.topic())) {
				reader.await(1, PATIENCE);
			}
			await().atMost(PATIENCE)
				.untilAsserted(() -> assertThat(troubles(application)).singleElement().satisfies((trouble) -> {
					assertThat(trouble.kind()).isEqualTo(Kind.READING);
					assertThat(trouble.reason()).contains("receive.buffer.bytes", "outbox.confirmation.properties");
				}));
			assertThat(application.getBean(OutboxMonitor.class).status().pending()).isEqualTo(1);
		}
	}

	@Test
	void theApplicationStartsAndCommitsWhileTheBrokersNameIsNotKnown() {
		try (Arena arena = new Arena(Arena.h2(), KafkaBroker.shared())) {
			ConfigurableApplicationContext application = arena.start("broker.invalid:9092");
			application.getBean(OutboxEventPublisher.class)
				.publishManualEvent(application.getBean(EventType.class), "key", "waits");
			await().atMost(PATIENCE)
				.untilAsserted(() -> assertThat(troubles(application)).map(OutboxTrouble::kind)
					.contains(Kind.READING, Kind.BROKER));
			assertThat(application.getBean(OutboxMonitor.class).status().pending()).isEqualTo(1);
		}
	}

	@Tag("long")
	@Test
	void topicThatTheConfirmingGroupMayNotReadIsToldUntilItMay() {
		String secret = "secret." + UUID.randomUUID();
		try (Arena arena = new Arena(Arena.h2(), KafkaBroker.shared(), "outbox.event-types.SECRET=" + secret,
				"outbox.relay.stale-after=2s")) {
			arena.broker.createTopic(secret, 1);
			arena.broker.deny(ResourceType.TOPIC, secret, AclOperation.READ);
			ConfigurableApplicationContext application = arena.start();
			OutboxEventPublisher publisher = application.getBean(OutboxEventPublisher.class);
			publisher.publishManualEvent(new LedgerEventType("SECRET", secret), "key", "is not confirmed");
			publisher.publishManualEvent(application.getBean(EventType.class), "key", "goes on");
			await().atMost(PATIENCE).untilAsserted(() -> assertThat(troubles(application)).anySatisfy((trouble) -> {
				assertThat(trouble.kind()).isEqualTo(Kind.READING);
				assertThat(trouble.topic()).isEqualTo(secret);
				assertThat(trouble.reason()).contains("may not read the topic", "Grant the right");
			}));
			arena.broker.allow(ResourceType.TOPIC, secret);
			OutboxMonitor monitor = application.getBean(OutboxMonitor.class);
			await().atMost(Arena.PATIENCE).until(() -> monitor.status().pending() == 0);
			await().atMost(Arena.PATIENCE).until(() -> troubles(application).isEmpty());
		}
	}

	@Tag("long")
	@Test
	void groupThatMayNotReadAtAllHasNoMemberAndBothAreTold() {
		try (Arena arena = new Arena(Arena.h2(), KafkaBroker.shared(), "outbox.relay.stale-after=1s")) {
			String group = arena.topic() + "-outbox";
			arena.broker.deny(ResourceType.GROUP, group, AclOperation.READ);
			ConfigurableApplicationContext application = arena.start();
			OutboxEventPublisher publisher = application.getBean(OutboxEventPublisher.class);
			EventType type = application.getBean(EventType.class);
			await().atMost(PATIENCE).untilAsserted(() -> {
				publisher.publishManualEvent(type, "key", "is confirmed by the relay");
				assertThat(troubles(application)).map(OutboxTrouble::kind).contains(Kind.READING, Kind.CONFIRMATION);
			});
			assertThat(troubles(application)).map(OutboxTrouble::reason)
				.anyMatch((reason) -> reason.contains("has no member"));
			arena.broker.allow(ResourceType.GROUP, group);
			await().atMost(Arena.PATIENCE)
				.until(() -> application.getBean(OutboxMonitor.class).status().pending() == 0);
			await().atMost(Arena.PATIENCE).until(() -> troubles(application).isEmpty());
		}
	}

	private static List<OutboxTrouble> troubles(ConfigurableApplicationContext application) {
		return application.getBean(OutboxMonitor.class).status().troubles();
	}

}
