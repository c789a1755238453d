package dev.outbox.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
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
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What is told of the group, by itself and as trouble.
 */
class GroupReadBackTests {

	private final AtomicLong clock = new AtomicLong();

	private final InstanceHealth health = new InstanceHealth(Duration.ofMinutes(20), this.clock::get);

	private final RecordHeaders headers = new RecordHeaders("shop");

	private final List<UUID> confirmed = new ArrayList<>();

	private final String group = "shop-outbox." + UUID.randomUUID();

	private final String topic = "orders." + UUID.randomUUID();

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
		GroupReadBack readBack = new GroupReadBack(settings, this.group, List.of(this.topic), this.clock::get,
				this.health, (read, ends) -> Map.of());
		assertThatExceptionOfType(OutboxException.class).isThrownBy(readBack::look)
			.withMessageContaining("It cannot be told how far group '%s' is behind", this.group);
		assertThat(troubles()).singleElement().satisfies((trouble) -> {
			assertThat(trouble.kind()).isEqualTo(Kind.CONFIRMATION);
			assertThat(trouble.reason()).contains("It cannot be told how far", "right to describe the group");
		});
	}

	@Test
	void groupWithoutMembersIsToldAtTheSecondLookUntilNobodyLooks() {
		GroupReadBack readBack = readBack(KafkaBroker.shared().bootstrapServers());
		readBack.look();
		assertThat(troubles()).isEmpty();
		readBack.look();
		assertThat(troubles()).singleElement().satisfies((trouble) -> {
			assertThat(trouble.kind()).isEqualTo(Kind.CONFIRMATION);
			assertThat(trouble.topic()).isNull();
			assertThat(trouble.reason()).contains(this.group, "has no member");
		});
		readBack.rest();
		assertThat(troubles()).isEmpty();
		readBack.look();
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
					"relay cannot read it either"));
		assertThat(readBack.patience(this.topic)).isZero();
		commit(servers, 1);
		readBack.look();
		assertThat(stopped()).isEmpty();
	}

	@Test
	void whatAGroupThatHasStoppedReadingHasNotReadIsConfirmedByTheRelay() throws Exception {
		String servers = KafkaBroker.shared().bootstrapServers();
		KafkaBroker.shared().createTopic(this.topic, 2);
		UUID read = write(servers);
		commit(servers, 1);
		List<UUID> unread = List.of(write(servers), write(servers));
		GroupReadBack readBack = reading(servers, Duration.ofHours(1));
		readBack.look();
		assertThat(this.confirmed).isEmpty();
		this.clock.addAndGet(Duration.ofSeconds(31).toNanos());
		readBack.look();
		assertThat(this.confirmed).containsExactlyElementsOf(unread).doesNotContain(read);
		assertThat(readBack.lag(this.topic)).isZero();
		assertThat(readBack.patience(this.topic)).isPositive();
		assertThat(stopped()).singleElement()
			.satisfies((trouble) -> assertThat(trouble.reason()).contains(this.group, "has stopped reading",
					"the relay reads the topic in its place"));
		UUID next = write(servers);
		this.clock.addAndGet(Duration.ofSeconds(1).toNanos());
		readBack.look();
		assertThat(this.confirmed).hasSize(3).endsWith(next);
		commit(servers, 4);
		readBack.look();
		assertThat(stopped()).isEmpty();
		write(servers);
		readBack.look();
		assertThat(this.confirmed).hasSize(3);
	}

	@Test
	void whereTheGroupHasNeverReadTheRelayBeginsInTheNearPast() throws Exception {
		String servers = KafkaBroker.shared().bootstrapServers();
		KafkaBroker.shared().createTopic(this.topic, 1);
		write(servers);
		GroupReadBack late = reading(servers, Duration.ofHours(-1));
		GroupReadBack recent = reading(servers, Duration.ofHours(1));
		for (GroupReadBack readBack : List.of(late, recent)) {
			readBack.look();
			this.clock.addAndGet(Duration.ofSeconds(31).toNanos());
		}
		late.look();
		assertThat(this.confirmed).isEmpty();
		recent.look();
		assertThat(this.confirmed).hasSize(1);
	}

	@Test
	void aTopicThatTheRelayMayNotReadEitherStandsStill() throws Exception {
		String servers = KafkaBroker.shared().bootstrapServers();
		KafkaBroker.shared().createTopic(this.topic, 1);
		write(servers);
		Map<String, Object> wrong = Map.of("bootstrap.servers", "localhost:1", "default.api.timeout.ms", 300,
				"request.timeout.ms", 300);
		GroupReadBack readBack = new GroupReadBack(OutboxClients.admin(Map.of("bootstrap.servers", servers), "shop"),
				this.group, List.of(this.topic), this.clock::get, this.health,
				new UnreadRecords(OutboxClients.consumer(wrong, Map.of(), "shop-relay"), listener(),
						Duration.ofHours(1))::read);
		readBack.look();
		this.clock.addAndGet(Duration.ofSeconds(31).toNanos());
		readBack.look();
		assertThat(readBack.patience(this.topic)).isZero();
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
		return new GroupReadBack(OutboxClients.admin(Map.of("bootstrap.servers", servers), "shop"), this.group,
				List.of(this.topic), this.clock::get, this.health, (read, ends) -> Map.of());
	}

	private GroupReadBack reading(String servers, Duration startAt) {
		Map<String, Object> connection = Map.of("bootstrap.servers", servers, "group.id", "of the application");
		return new GroupReadBack(OutboxClients.admin(Map.of("bootstrap.servers", servers), "shop"), this.group,
				List.of(this.topic), this.clock::get, this.health,
				new UnreadRecords(OutboxClients.consumer(connection, Map.of(), "shop-relay"), listener(),
						startAt)::read);
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
