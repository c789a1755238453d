package dev.outbox.kafka;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import dev.outbox.dispatch.SendException;
import dev.outbox.dispatch.Trouble;
import dev.outbox.store.OrderingKey;
import dev.outbox.store.OutboxRecord;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RoundRobinPartitioner;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A channel over a producer whose every step is taken by the test.
 */
class KafkaSendChannelTests {

	private final MockProducer<byte[], byte[]> producer = new MockProducer<>(cluster(), false,
			new RoundRobinPartitioner(), new ByteArraySerializer(), new ByteArraySerializer());

	private final KafkaSendChannel channel = new KafkaSendChannel(this.producer, new RecordHeaders("shop"));

	private final List<@Nullable Trouble> completions = new ArrayList<>();

	@Test
	void recordHasKeyValuePartitionAndHeaders() {
		OutboxRecord event = event(Map.of("tenant", "blue"));
		this.channel.send(event, 2, false, this::completed);
		ProducerRecord<byte[], byte[]> message = this.producer.history().get(0);
		assertThat(message.partition()).isEqualTo(2);
		assertThat(message.key()).asString(StandardCharsets.UTF_8).isEqualTo("key");
		assertThat(message.value()).asString(StandardCharsets.UTF_8).isEqualTo("{}");
		assertThat(message.headers().toArray())
			.extracting((header) -> header.key() + "=" + new String(header.value(), StandardCharsets.UTF_8))
			.containsExactly("event-id=" + event.eventId(), "event-type=T", "outbox-source=shop", "tenant=blue");
	}

	@ParameterizedTest
	@ValueSource(strings = { "key-1", "42", " ", "schl\u00FCssel", "\u043A\u043B\u044E\u0447", "\uD83D\uDD11" })
	void partitionIsTheOneOfKafkasDefaultPartitioner(String key) {
		assertThat(this.channel.partition(new OrderingKey("topic", key))).isBetween(0, 2)
			.isEqualTo(BuiltInPartitioner.partitionForKey(key.getBytes(StandardCharsets.UTF_8), 3));
	}

	@Test
	void acknowledgementCompletes() {
		send(false);
		this.producer.completeNext();
		assertThat(this.completions).containsOnlyNulls().hasSize(1);
		assertThat(this.channel.isClosed()).isFalse();
	}

	@Test
	void failureOfAPipelinedRecordClosesTheChannelAtOnce() {
		send(false);
		this.producer.errorNext(new TopicAuthorizationException("topic"));
		assertThat(this.completions).containsExactly(Trouble.TOPIC);
		assertThat(this.channel.isClosed()).isTrue();
		assertThat(this.producer.closed()).isTrue();
	}

	@Test
	void failureOfARecordThatWentAloneDoesNotCloseTheChannel() {
		send(true);
		this.producer.errorNext(new RecordTooLargeException());
		assertThat(this.completions).containsExactly(Trouble.POISON);
		assertThat(this.channel.isClosed()).isFalse();
	}

	@Test
	void failureThatMayBeFatalToTheProducerClosesTheChannelEvenIfTheRecordWentAlone() {
		send(true);
		this.producer.errorNext(new IllegalStateException("fatal"));
		assertThat(this.completions).containsExactly(Trouble.OUTAGE);
		assertThat(this.channel.isClosed()).isTrue();
	}

	@Test
	void failureBeforeTheRecordIsSentIsThrownAndNotReported() {
		this.producer.sendException = new TimeoutException("no metadata");
		assertThatExceptionOfType(SendException.class).isThrownBy(() -> send(false))
			.extracting(SendException::trouble)
			.isEqualTo(Trouble.OUTAGE);
		assertThat(this.completions).isEmpty();
		assertThat(this.channel.isClosed()).isFalse();
	}

	@Test
	void anInterruptedCallerDoesNotCloseTheChannelOfTheOthers() {
		try {
			this.producer.sendException = new InterruptException("interrupted");
			assertThatExceptionOfType(SendException.class).isThrownBy(() -> send(false));
			assertThat(this.channel.isClosed()).isFalse();
		}
		finally {
			Thread.interrupted();
		}
	}

	@Test
	void sendingThroughAClosedChannelSaysSo() {
		this.channel.close(Duration.ZERO);
		assertThatExceptionOfType(SendException.class).isThrownBy(() -> send(false))
			.extracting(SendException::trouble)
			.isEqualTo(Trouble.CLOSED);
	}

	private void send(boolean alone) {
		this.channel.send(event(Map.of()), 0, alone, this::completed);
	}

	private void completed(@Nullable SendException failure) {
		this.completions.add((failure != null) ? failure.trouble() : null);
	}

	private static OutboxRecord event(Map<String, String> headers) {
		return new OutboxRecord(UUID.randomUUID(), "T", "topic", "key", "{}", headers);
	}

	private static Cluster cluster() {
		Node node = new Node(1, "localhost", 1);
		List<PartitionInfo> partitions = new ArrayList<>();
		for (int i = 0; i < 3; i++) {
			partitions.add(new PartitionInfo("topic", i, node, new Node[] { node }, new Node[] { node }));
		}
		return new Cluster("cluster", List.of(node), partitions, Set.of(), Set.of());
	}

}
