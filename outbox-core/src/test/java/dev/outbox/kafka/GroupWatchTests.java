package dev.outbox.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

import dev.outbox.OutboxTrouble;
import dev.outbox.OutboxTrouble.Kind;
import dev.outbox.health.InstanceHealth;
import dev.outbox.testsupport.KafkaBroker;
import dev.outbox.testsupport.TcpProxy;
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

	private final GroupWatch watch = watch(KafkaBroker.shared().bootstrapServers(), this.clock::get);

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
		assertThat(this.watch.isLeft()).isTrue();
		other.close();
		await().atMost(PATIENCE).until(() -> this.joined.get() == 1);
		assertThat(troubles()).isEmpty();
		assertThat(this.watch.isLeft()).as("what the other one has read is unread").isTrue();
		this.clock.addAndGet(Duration.ofMinutes(11).toNanos());
		assertThat(this.watch.isLeft()).isFalse();
	}

	@Test
	void anotherOutboxThatHasDiedIsNotToldOf() {
		join(OTHER_OUTBOX).close(CloseOptions.groupMembershipOperation(GroupMembershipOperation.REMAIN_IN_GROUP));
		GroupWatch inTime = watch(KafkaBroker.shared().bootstrapServers(), System::nanoTime);
		inTime.start(true, this.joined::incrementAndGet);
		await().atMost(PATIENCE).until(() -> {
			assertThat(troubles()).isEmpty();
			return this.joined.get() == 1;
		});
		inTime.stop();
	}

	@Test
	void theGroupIsNotLeftWhereOthersOfTheSameOutboxAreInIt() {
		List<KafkaConsumer<byte[], byte[]>> members = joinAll(OTHER_OUTBOX, OWN);
		this.watch.start(true, this.joined::incrementAndGet);
		await().atMost(AT_ONCE).until(() -> this.joined.get() == 1);
		members.forEach(KafkaConsumer::close);
	}

	@Test
	void theGroupIsStillLeftWhenItIsNotKnownWhoIsInIt() {
		try (TcpProxy proxy = TcpProxy.start(); KafkaConsumer<byte[], byte[]> other = join(OTHER_OUTBOX)) {
			proxy.forwardTo(Integer.parseInt(KafkaBroker.shared().bootstrapServers().replaceAll(".*:", "")));
			GroupWatch disturbed = watch("localhost:" + proxy.port(), System::nanoTime);
			disturbed.start(true, this.joined::incrementAndGet);
			await().atMost(PATIENCE).until(disturbed::isLeft);
			proxy.cut();
			await().during(Duration.ofSeconds(12))
				.atMost(PATIENCE)
				.until(() -> this.joined.get() == 0 && disturbed.isLeft());
			assertThat(other.groupMetadata().memberId()).isNotEmpty();
			disturbed.stop();
		}
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
		assertThat(this.watch.isLeft()).isFalse();
	}

	@Test
	void whenKafkaIsAwayTheGroupIsJoinedAllTheSame() {
		GroupWatch lonely = watch("localhost:1", this.clock::get);
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
		await().atMost(PATIENCE).until(() -> this.joined.get() == 2);
		await().atMost(AT_ONCE).until(() -> troubles().isEmpty());
		await().during(Duration.ofSeconds(6)).atMost(PATIENCE).until(() -> this.joined.get() == 2);
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

	private GroupWatch watch(String bootstrapServers, LongSupplier clock) {
		return new GroupWatch(OutboxClients.admin(Map.of("bootstrap.servers", bootstrapServers), "shop-1a2b3c4d"),
				this.group, () -> "0123456789ab", this.health, clock);
	}

	private List<OutboxTrouble> troubles() {
		return this.health.troubles(false);
	}

	private KafkaConsumer<byte[], byte[]> join(String clientId) {
		return joinAll(clientId).get(0);
	}

	// With the session timeout of the outbox's own consumers.
	private List<KafkaConsumer<byte[], byte[]>> joinAll(String... clientIds) {
		KafkaBroker broker = KafkaBroker.shared();
		String topic = "watched." + UUID.randomUUID();
		broker.createTopic(topic, clientIds.length);
		List<KafkaConsumer<byte[], byte[]>> members = new ArrayList<>();
		for (String clientId : clientIds) {
			Map<String, Object> settings = Map.of("bootstrap.servers", broker.bootstrapServers(), "group.id",
					this.group, "client.id", clientId, "session.timeout.ms", 10_000, "key.deserializer",
					ByteArrayDeserializer.class, "value.deserializer", ByteArrayDeserializer.class);
			KafkaConsumer<byte[], byte[]> member = new KafkaConsumer<>(settings);
			member.subscribe(List.of(topic));
			members.add(member);
		}
		await().atMost(PATIENCE).until(() -> {
			members.forEach((member) -> member.poll(Duration.ofMillis(100)));
			return members.stream().noneMatch((member) -> member.assignment().isEmpty());
		});
		return members;
	}

}
