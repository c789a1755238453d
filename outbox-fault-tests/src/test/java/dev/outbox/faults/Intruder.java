package dev.outbox.faults;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

import static org.awaitility.Awaitility.await;

/**
 * A stranger in the consumer group that reads the outbox's events back.
 */
final class Intruder implements AutoCloseable {

	private final KafkaConsumer<byte[], byte[]> consumer;

	private Intruder(KafkaConsumer<byte[], byte[]> consumer) {
		this.consumer = consumer;
	}

	// Returns when it has got some of the partitions.
	static Intruder join(Arena arena) {
		KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
				Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, arena.broker().bootstrapServers(),
						ConsumerConfig.GROUP_ID_CONFIG, arena.prefix() + "-outbox",
						ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false),
				new ByteArrayDeserializer(), new ByteArrayDeserializer());
		consumer.subscribe(List.of(arena.topic()));
		await().atMost(Arena.PATIENCE).until(() -> {
			consumer.poll(Duration.ofMillis(100));
			return !consumer.assignment().isEmpty();
		});
		return new Intruder(consumer);
	}

	void resetOffsets(Random random) {
		Map<TopicPartition, Long> ends = this.consumer.endOffsets(this.consumer.assignment());
		Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
		ends.forEach((partition, end) -> offsets.put(partition, new OffsetAndMetadata(random.nextBoolean() ? end : 0)));
		this.consumer.commitSync(offsets);
	}

	@Override
	public void close() {
		this.consumer.close();
	}

}
