package dev.outbox.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

import dev.outbox.OutboxException;
import dev.outbox.OutboxTrouble;
import dev.outbox.OutboxTrouble.Kind;
import dev.outbox.health.InstanceHealth;
import dev.outbox.testsupport.KafkaBroker;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Who may be in the group that reads back, and who may not.
 */
@Tag("long")
class GroupWatchTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static final String OTHER_OUTBOX = "warehouse-1a2b3c4d-0-outbox-ffffffffffff";

	private static final String OWN = "shop-1a2b3c4d-0-outbox-0123456789ab";

	private final String group = "shop-outbox." + UUID.randomUUID();

	private final AtomicLong clock = new AtomicLong();

	private final InstanceHealth health = new InstanceHealth(Duration.ofMinutes(20), this.clock::get);

	private final GroupWatch watch = watch(KafkaBroker.shared().bootstrapServers());

	@AfterEach
	void stop() {
		this.watch.stop();
	}

	@Test
	void anotherOutboxIsRefusedAtTheStart() {
		try (KafkaConsumer<byte[], byte[]> other = join(OTHER_OUTBOX)) {
			this.watch.start();
			assertThatExceptionOfType(OutboxException.class).isThrownBy(() -> this.watch.requireOwnGroup(PATIENCE))
				.withMessageContainingAll(this.group, OTHER_OUTBOX, "outbox.source", "outbox.confirmation.group-id",
						"outbox.confirmation.check-group=false");
			assertThat(other.groupMetadata().memberId()).isNotEmpty();
		}
	}

	@Test
	void anotherOutboxThatHasDiedIsNoReasonToRefuse() {
		join(OTHER_OUTBOX).close(CloseOptions.groupMembershipOperation(GroupMembershipOperation.REMAIN_IN_GROUP));
		this.watch.start();
		this.watch.requireOwnGroup(PATIENCE);
		assertThat(troubles()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { OWN, "shop-99999999-3-outbox-0123456789ab", "own name-0-outbox-0123456789ab",
			"console-consumer", "warehouse-1a2b3c4d-0-outbox-0", "" })
	void whoHasTheSameTablesOrIsNoOutboxIsNotRefused(String clientId) {
		try (KafkaConsumer<byte[], byte[]> member = join(clientId)) {
			this.watch.start();
			this.watch.requireOwnGroup(PATIENCE);
			assertThat(member.groupMetadata().memberId()).isNotEmpty();
		}
	}

	@Test
	void groupWithoutMembersIsNotRefused() {
		this.watch.start();
		this.watch.requireOwnGroup(PATIENCE);
		this.watch.membersHaveChanged();
		assertThat(troubles()).isEmpty();
	}

	@Test
	void startDoesNotWaitForKafka() {
		GroupWatch lonely = watch("localhost:1");
		lonely.start();
		long start = System.nanoTime();
		lonely.requireOwnGroup(Duration.ofMillis(200));
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
		lonely.stop();
	}

	@ParameterizedTest
	@ValueSource(strings = { OTHER_OUTBOX, "console-consumer" })
	void whoeverElseStaysIsTroubleAsLongAsHeStays(String clientId) {
		this.watch.start();
		KafkaConsumer<byte[], byte[]> other = join(clientId);
		this.watch.membersHaveChanged();
		await().during(Duration.ofSeconds(3)).until(() -> troubles().isEmpty());
		await().atMost(PATIENCE).until(() -> {
			// Time passes from look to look.
			this.clock.addAndGet(Duration.ofSeconds(1).toNanos());
			return !troubles().isEmpty();
		});
		assertThat(troubles()).singleElement().satisfies((trouble) -> {
			assertThat(trouble.kind()).isEqualTo(Kind.IDENTITY);
			assertThat(trouble.reason()).contains(this.group, clientId, "outbox.source");
		});
		other.close();
		await().atMost(PATIENCE).until(() -> troubles().isEmpty());
	}

	@Test
	void ownConsumersAreNoTrouble() {
		this.watch.start();
		try (KafkaConsumer<byte[], byte[]> own = join(OWN)) {
			assertThat(own.groupMetadata().memberId()).isNotEmpty();
			this.watch.membersHaveChanged();
			await().during(Duration.ofSeconds(3)).until(() -> {
				this.clock.addAndGet(Duration.ofSeconds(10).toNanos());
				return troubles().isEmpty();
			});
		}
	}

	@Test
	void clientIdsTellTheTables() {
		assertThat(this.watch.mark("shop-1a2b3c4d-0")).isEqualTo(OWN);
	}

	private GroupWatch watch(String bootstrapServers) {
		return new GroupWatch(OutboxClients.admin(Map.of("bootstrap.servers", bootstrapServers), "shop-1a2b3c4d"),
				this.group, () -> "0123456789ab", this.health, this.clock::get);
	}

	private List<OutboxTrouble> troubles() {
		return this.health.troubles(false);
	}

	private KafkaConsumer<byte[], byte[]> join(String clientId) {
		KafkaBroker broker = KafkaBroker.shared();
		String topic = "watched." + UUID.randomUUID();
		broker.createTopic(topic, 1);
		Map<String, Object> settings = new HashMap<>(Map.of("bootstrap.servers", broker.bootstrapServers(), "group.id",
				this.group, "client.id", clientId, "session.timeout.ms", 6000, "key.deserializer",
				ByteArrayDeserializer.class, "value.deserializer", ByteArrayDeserializer.class));
		KafkaConsumer<byte[], byte[]> member = new KafkaConsumer<>(settings);
		member.subscribe(List.of(topic));
		await().atMost(PATIENCE).until(() -> {
			member.poll(Duration.ofMillis(100));
			return !member.assignment().isEmpty();
		});
		return member;
	}

}
