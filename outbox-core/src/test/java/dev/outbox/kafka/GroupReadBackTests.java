package dev.outbox.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

import dev.outbox.OutboxException;
import dev.outbox.OutboxTrouble;
import dev.outbox.OutboxTrouble.Kind;
import dev.outbox.health.InstanceHealth;
import dev.outbox.relay.ReadProgress;
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
				this.health);
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
			.satisfies((trouble) -> assertThat(trouble.reason()).contains(this.group, "has stopped reading"));
		assertThat(readBack.patience(this.topic)).isZero();
		commit(servers, 1);
		readBack.look();
		assertThat(stopped()).isEmpty();
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
				List.of(this.topic), this.clock::get, this.health);
	}

	private List<OutboxTrouble> troubles() {
		return this.health.troubles(true);
	}

	private List<OutboxTrouble> stopped() {
		return troubles().stream().filter((trouble) -> this.topic.equals(trouble.topic())).toList();
	}

	private void write(String servers) throws Exception {
		try (KafkaProducer<String, String> producer = new KafkaProducer<>(Map.of("bootstrap.servers", servers),
				new StringSerializer(), new StringSerializer())) {
			producer.send(new ProducerRecord<>(this.topic, "key", "value")).get();
		}
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
