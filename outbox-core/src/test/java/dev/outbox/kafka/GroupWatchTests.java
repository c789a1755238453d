package dev.outbox.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

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
import static org.awaitility.Awaitility.await;

/**
 * Who may be in the group that reads back, and who may not.
 */
@Tag("long")
class GroupWatchTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	// Less than a member that has died is listed for.
	private static final Duration AT_ONCE = Duration.ofSeconds(5);

	private static final String OTHER_OUTBOX = "warehouse-1a2b3c4d-0-outbox-ffffffffffff";

	private static final String OWN = "shop-1a2b3c4d-0-outbox-0123456789ab";

	private final String group = "shop-outbox." + UUID.randomUUID();

	private final AtomicLong clock = new AtomicLong();

	private final AtomicInteger joined = new AtomicInteger();

	private final InstanceHealth health = new InstanceHealth(Duration.ofMinutes(20), this.clock::get);

	private final GroupWatch watch = watch(KafkaBroker.shared().bootstrapServers());

	@AfterEach
	void stop() {
		this.watch.stop();
	}

	@Test
	void theGroupIsLeftToAnotherOutboxUntilItHasGone() {
		KafkaConsumer<byte[], byte[]> other = join(OTHER_OUTBOX);
		this.watch.start(true, this.joined::incrementAndGet);
		await().atMost(PATIENCE).until(() -> {
			// Time passes from look to look.
			this.clock.addAndGet(Duration.ofSeconds(1).toNanos());
			return !troubles().isEmpty();
		});
		assertThat(troubles()).singleElement().satisfies((trouble) -> {
			assertThat(trouble.kind()).isEqualTo(Kind.IDENTITY);
			assertThat(trouble.reason()).contains(this.group, OTHER_OUTBOX, "outbox.source",
					"outbox.confirmation.group-id", "outbox.confirmation.check-group=false");
		});
		assertThat(this.joined).hasValue(0);
		other.close();
		await().atMost(PATIENCE).until(() -> this.joined.get() == 1);
		assertThat(troubles()).isEmpty();
	}

	@Test
	void itIsNotToldOfAnotherOutboxThatHasDied() {
		join(OTHER_OUTBOX).close(CloseOptions.groupMembershipOperation(GroupMembershipOperation.REMAIN_IN_GROUP));
		this.watch.start(true, this.joined::incrementAndGet);
		await().atMost(PATIENCE).until(() -> this.joined.get() == 1);
		assertThat(troubles()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { OWN, "shop-99999999-3-outbox-0123456789ab", "own name-0-outbox-0123456789ab",
			"console-consumer", "warehouse-1a2b3c4d-0-outbox-0", "" })
	void theGroupIsNotLeftToThoseOnTheSameTablesOrToWhoIsNoOutbox(String clientId) {
		try (KafkaConsumer<byte[], byte[]> member = join(clientId)) {
			this.watch.start(true, this.joined::incrementAndGet);
			await().atMost(AT_ONCE).until(() -> this.joined.get() == 1);
			assertThat(member.groupMetadata().memberId()).isNotEmpty();
		}
	}

	@Test
	void whoShallNotLookJoinsAnotherOutbox() {
		try (KafkaConsumer<byte[], byte[]> member = join(OTHER_OUTBOX)) {
			this.watch.start(false, this.joined::incrementAndGet);
			await().atMost(AT_ONCE).until(() -> this.joined.get() == 1);
			assertThat(member.groupMetadata().memberId()).isNotEmpty();
		}
	}

	@Test
	void groupWithoutMembersIsJoined() {
		this.watch.start(true, this.joined::incrementAndGet);
		await().atMost(AT_ONCE).until(() -> this.joined.get() == 1);
		this.watch.membersHaveChanged();
		assertThat(troubles()).isEmpty();
	}

	@Test
	void whenKafkaIsAwayTheGroupIsJoinedAllTheSame() {
		GroupWatch lonely = watch("localhost:1");
		long start = System.nanoTime();
		lonely.start(true, this.joined::incrementAndGet);
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
		await().atMost(PATIENCE).until(() -> this.joined.get() == 1);
		lonely.stop();
	}

	@Test
	void whatCannotJoinIsToldOfAndTriesAgain() {
		this.watch.start(true, () -> {
			if (this.joined.incrementAndGet() == 1) {
				throw new IllegalStateException("Failed", new IllegalArgumentException("no such file"));
			}
		});
		await().atMost(AT_ONCE).until(() -> !troubles().isEmpty());
		assertThat(troubles()).singleElement().satisfies((trouble) -> {
			assertThat(trouble.kind()).isEqualTo(Kind.READING);
			assertThat(trouble.reason()).contains(this.group, "no such file", "outbox.confirmation.properties");
		});
		await().during(Duration.ofSeconds(6)).atMost(PATIENCE).until(() -> this.joined.get() <= 2);
		assertThat(this.joined).hasValue(2);
		this.clock.addAndGet(Duration.ofSeconds(11).toNanos());
		assertThat(troubles()).isEmpty();
	}

	@Test
	void whoHasStoppedDoesNotJoin() {
		try (KafkaConsumer<byte[], byte[]> member = join(OTHER_OUTBOX)) {
			this.watch.start(true, this.joined::incrementAndGet);
			assertThat(member.groupMetadata().memberId()).isNotEmpty();
			this.watch.stop();
		}
		await().during(Duration.ofSeconds(3)).until(() -> this.joined.get() == 0);
	}

	@ParameterizedTest
	@ValueSource(strings = { OTHER_OUTBOX, "console-consumer" })
	void whoeverElseStaysIsTroubleAsLongAsHeStays(String clientId) {
		this.watch.start(false, this.joined::incrementAndGet);
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
		this.watch.start(false, this.joined::incrementAndGet);
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
