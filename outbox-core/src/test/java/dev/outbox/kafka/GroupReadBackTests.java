package dev.outbox.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import dev.outbox.OutboxException;
import dev.outbox.OutboxTrouble;
import dev.outbox.OutboxTrouble.Kind;
import dev.outbox.health.InstanceHealth;
import dev.outbox.relay.ReadProgress;
import dev.outbox.store.OutboxRecord;
import dev.outbox.testsupport.KafkaBroker;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * What is told of the group, by itself and as trouble.
 */
class GroupReadBackTests {

	private final AtomicLong clock = new AtomicLong();

	private final InstanceHealth health = new InstanceHealth(Duration.ofMinutes(20), this.clock::get);

	private final RecordHeaders headers = new RecordHeaders("shop");

	private final List<UUID> confirmed = new CopyOnWriteArrayList<>();

	private final String group = "shop-outbox." + UUID.randomUUID();

	private final String topic = "orders." + UUID.randomUUID();

	private final AtomicBoolean left = new AtomicBoolean();

	@Test
	void whatNobodyReadsBackWaits() {
		GroupReadBack readBack = readBack("localhost:1");
		assertThat(readBack.lag("elsewhere")).isEqualTo(ReadProgress.UNKNOWN);
		assertThat(readBack.patience("elsewhere")).isEqualTo(ReadProgress.UNKNOWN);
	}

	@Test
	void aTopicThatIsNotThereHasNothingToBeRead() {
		assertThat(readBack("localhost:1").lag(this.topic)).isZero();
	}

	@Test
	void groupThatCannotBeAskedIsTrouble() {
		Map<String, Object> settings = Map.of("bootstrap.servers", "localhost:1", "default.api.timeout.ms", 300,
				"request.timeout.ms", 300);
		GroupReadBack readBack = new GroupReadBack(settings, this.group, () -> false, List.of(this.topic),
				this.clock::get, this.health, unread("localhost:1", Duration.ofHours(1)));
		assertThatExceptionOfType(OutboxException.class).isThrownBy(readBack::look)
			.withMessageContaining("It cannot be told how far group '%s' is behind", this.group);
		assertThat(troubles()).singleElement().satisfies((trouble) -> {
			assertThat(trouble.kind()).isEqualTo(Kind.CONFIRMATION);
			assertThat(trouble.reason()).contains("It cannot be told how far", "right to describe the group");
		});
	}

	@Test
	void groupWithoutMembersIsToldAtTheSecondLookUntilNobodyHasLookedForAWhile() {
		GroupReadBack readBack = readBack(KafkaBroker.shared().bootstrapServers());
		readBack.look();
		assertThat(troubles()).isEmpty();
		readBack.look();
		assertThat(troubles()).singleElement().satisfies((trouble) -> {
			assertThat(trouble.kind()).isEqualTo(Kind.CONFIRMATION);
			assertThat(trouble.topic()).isNull();
			assertThat(trouble.reason()).contains(this.group, "has no member");
		});
		this.clock.addAndGet(Duration.ofMinutes(6).toNanos());
		assertThat(troubles()).isEmpty();
	}

	@Test
	void groupThatHasStoppedReadingATopicIsToldUntilItGoesOn() throws Exception {
		String servers = KafkaBroker.shared().bootstrapServers();
		KafkaBroker.shared().createTopic(this.topic, 1);
		write(servers);
		GroupReadBack readBack = readBack(servers);
		readBack.look();
		this.clock.addAndGet(Duration.ofSeconds(29).toNanos());
		readBack.look();
		assertThat(stopped()).isEmpty();
		assertThat(readBack.patience(this.topic)).isPositive();
		this.clock.addAndGet(Duration.ofSeconds(2).toNanos());
		readBack.look();
		assertThat(stopped()).singleElement()
			.satisfies((trouble) -> assertThat(trouble.reason()).contains(this.group, "has stopped reading",
					"the relay reads the topic in its place"));
		assertThat(readBack.patience(this.topic)).as("the relay has only begun").isPositive();
		this.clock.addAndGet(Duration.ofSeconds(31).toNanos());
		readBack.look();
		assertThat(stopped()).singleElement()
			.satisfies((trouble) -> assertThat(trouble.reason()).contains("relay cannot read it either"));
		assertThat(readBack.patience(this.topic)).isZero();
		commit(servers, 1);
		readBack.look();
		assertThat(stopped()).isEmpty();
	}

	@Test
	void whatTheGroupReadsForAnotherOutboxIsConfirmedByTheRelay() throws Exception {
		String servers = KafkaBroker.shared().bootstrapServers();
		KafkaBroker.shared().createTopic(this.topic, 1);
		List<UUID> events = List.of(write(servers), write(servers));
		commit(servers, 2);
		GroupReadBack readBack = new GroupReadBack(admin(servers), this.group, this.left::get, List.of(this.topic),
				this.clock::get, this.health, unread(servers, Duration.ofHours(1)));
		this.left.set(true);
		readBack.look();
		assertThat(readBack.lag(this.topic)).isPositive();
		await().until(() -> this.confirmed.equals(events));
		await().untilAsserted(() -> {
			readBack.look();
			assertThat(readBack.lag(this.topic)).isZero();
		});
		this.clock.addAndGet(Duration.ofSeconds(31).toNanos());
		readBack.look();
		assertThat(stopped()).as("the relay reads").isEmpty();
	}

	@Test
	void whatAGroupThatHasStoppedReadingHasNotReadIsConfirmedByTheRelay() throws Exception {
		String servers = KafkaBroker.shared().bootstrapServers();
		KafkaBroker.shared().createTopic(this.topic, 2);
		write(servers);
		commit(servers, 1);
		GroupReadBack readBack = new GroupReadBack(admin(servers), this.group, this.left::get, List.of(this.topic),
				this.clock::get, this.health, unread(servers, Duration.ofHours(1)));
		readBack.look();
		List<UUID> unread = List.of(write(servers), write(servers));
		readBack.look();
		this.clock.addAndGet(Duration.ofSeconds(31).toNanos());
		readBack.look();
		await().until(() -> this.confirmed.equals(unread));
		assertThat(stopped()).singleElement()
			.satisfies((trouble) -> assertThat(trouble.reason()).contains(this.group, "has stopped reading",
					"the relay reads the topic in its place"));
		this.clock.addAndGet(Duration.ofSeconds(1).toNanos());
		await().untilAsserted(() -> {
			readBack.look();
			assertThat(readBack.lag(this.topic)).isZero();
		});
		assertThat(readBack.patience(this.topic)).isPositive();
		UUID next = write(servers);
		await().untilAsserted(() -> {
			readBack.look();
			assertThat(this.confirmed).hasSize(3).endsWith(next);
		});
		commit(servers, 4);
		readBack.look();
		assertThat(stopped()).isEmpty();
	}

	@Test
	void whereTheGroupHasNeverReadTheRelayBeginsInTheNearPast() throws Exception {
		String servers = KafkaBroker.shared().bootstrapServers();
		KafkaBroker.shared().createTopic(this.topic, 1);
		write(servers);
		Map<TopicPartition, Long> ends = Map.of(new TopicPartition(this.topic, 0), 1L);
		UnreadRecords late = unread(servers, Duration.ofHours(-1));
		late.read(Map.of(), ends);
		await().until(() -> late.upTo(Map.of(), ends).equals(ends));
		assertThat(this.confirmed).isEmpty();
		UnreadRecords recent = unread(servers, Duration.ofHours(1));
		recent.read(Map.of(), ends);
		await().until(() -> recent.upTo(Map.of(), ends).equals(ends));
		assertThat(this.confirmed).hasSize(1);
	}

	@Test
	void aTopicThatTheRelayMayNotReadKeepsItFromNoOther() throws Exception {
		KafkaBroker broker = KafkaBroker.shared();
		broker.createTopic(this.topic, 1);
		String secret = "secret." + UUID.randomUUID();
		broker.createTopic(secret, 1);
		broker.deny(ResourceType.TOPIC, secret, AclOperation.READ);
		UUID event = write(broker.bootstrapServers());
		TopicPartition readable = new TopicPartition(this.topic, 0);
		TopicPartition refused = new TopicPartition(secret, 0);
		UnreadRecords unread = unread(broker.bootstrapServers(), Duration.ofHours(1));
		Map<TopicPartition, Long> ends = Map.of(readable, 1L, refused, 1L);
		unread.read(Map.of(readable, 0L, refused, 0L), ends);
		await().until(() -> Long.valueOf(1).equals(unread.upTo(Map.of(), ends).get(readable)));
		assertThat(this.confirmed).containsExactly(event);
	}

	// A lock on a row, for example, must not stop the relay.
	@Test
	void whatCannotBeClearedIsReadAgainAndKeepsNobodyWaiting() throws Exception {
		String servers = KafkaBroker.shared().bootstrapServers();
		KafkaBroker.shared().createTopic(this.topic, 1);
		UUID event = write(servers);
		CountDownLatch lock = new CountDownLatch(1);
		AtomicInteger tries = new AtomicInteger();
		UnreadRecords unread = new UnreadRecords(
				OutboxClients.consumer(Map.of("bootstrap.servers", servers), Map.of(), "shop"),
				new ConfirmationListener(this.headers, (eventIds) -> {
					if (tries.incrementAndGet() == 1) {
						awaitUninterruptibly(lock);
						throw new IllegalStateException("The row was locked for too long");
					}
					this.confirmed.addAll(eventIds);
				}, this.health), Duration.ofHours(1));
		Map<TopicPartition, Long> ends = Map.of(new TopicPartition(this.topic, 0), 1L);
		await().until(() -> {
			unread.read(Map.of(), ends);
			return tries.get() == 1;
		});
		assertThat(unread.upTo(Map.of(), ends)).isNotEqualTo(ends);
		lock.countDown();
		await().until(() -> {
			unread.read(Map.of(), ends);
			return unread.upTo(Map.of(), ends).equals(ends);
		});
		assertThat(this.confirmed).containsExactly(event);
		assertThat(tries).hasValue(2);
	}

	@Test
	void groupIsGivenTimeToReadWhatHasComeAfterALongRest() throws Exception {
		String servers = KafkaBroker.shared().bootstrapServers();
		KafkaBroker.shared().createTopic(this.topic, 1);
		write(servers);
		commit(servers, 1);
		GroupReadBack readBack = readBack(servers);
		readBack.look();
		this.clock.addAndGet(Duration.ofHours(1).toNanos());
		write(servers);
		readBack.look();
		this.clock.addAndGet(Duration.ofSeconds(1).toNanos());
		readBack.look();
		assertThat(stopped()).isEmpty();
		assertThat(readBack.patience(this.topic)).isPositive();
	}

	private GroupReadBack readBack(String servers) {
		return new GroupReadBack(admin(servers), this.group, this.left::get, List.of(this.topic), this.clock::get,
				this.health, unread("localhost:1", Duration.ofHours(1)));
	}

	private static Map<String, Object> admin(String servers) {
		return OutboxClients.admin(Map.of("bootstrap.servers", servers), "shop");
	}

	private static void awaitUninterruptibly(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private UnreadRecords unread(String servers, Duration startAt) {
		Map<String, Object> connection = Map.of("bootstrap.servers", servers, "group.id", "of the application");
		return new UnreadRecords(OutboxClients.consumer(connection, Map.of(), "shop-relay"), listener(), startAt);
	}

	private ConfirmationListener listener() {
		return new ConfirmationListener(this.headers, this.confirmed::addAll, this.health);
	}

	private List<OutboxTrouble> troubles() {
		return this.health.troubles(true);
	}

	private List<OutboxTrouble> stopped() {
		return troubles().stream().filter((trouble) -> this.topic.equals(trouble.topic())).toList();
	}

	private UUID write(String servers) throws Exception {
		UUID eventId = UUID.randomUUID();
		ProducerRecord<String, String> message = new ProducerRecord<>(this.topic, 0, "key", "value");
		this.headers.write(new OutboxRecord(eventId, "T", this.topic, "key", "value", Map.of()), message.headers());
		try (KafkaProducer<String, String> producer = new KafkaProducer<>(Map.of("bootstrap.servers", servers),
				new StringSerializer(), new StringSerializer())) {
			producer.send(message).get();
		}
		return eventId;
	}

	private void commit(String servers, long offset) throws Exception {
		try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
			admin
				.alterConsumerGroupOffsets(this.group,
						Map.of(new TopicPartition(this.topic, 0), new OffsetAndMetadata(offset)))
				.all()
				.get();
		}
	}

}
