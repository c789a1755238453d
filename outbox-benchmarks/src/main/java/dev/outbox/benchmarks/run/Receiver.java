package dev.outbox.benchmarks.run;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import dev.outbox.benchmarks.contestant.Micros;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

import static org.awaitility.Awaitility.await;

/**
 * A consumer of what comes to a topic from now on, on a thread of its own.
 */
final class Receiver implements AutoCloseable {

	private final KafkaConsumer<byte[], byte[]> consumer;

	private final Receipts receipts;

	private final CompletableFuture<Void> reading;

	Receiver(String servers, String topic, int run) {
		this.receipts = new Receipts(run);
		this.consumer = new KafkaConsumer<>(Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, servers,
				ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false), new ByteArrayDeserializer(),
				new ByteArrayDeserializer());
		List<TopicPartition> partitions = this.consumer.partitionsFor(topic)
			.stream()
			.map((partition) -> new TopicPartition(topic, partition.partition()))
			.toList();
		this.consumer.assign(partitions);
		this.consumer.seekToEnd(partitions);
		partitions.forEach(this.consumer::position);
		this.reading = CompletableFuture.runAsync(this::read, (task) -> new Thread(task, "receiver").start());
	}

	private void read() {
		try {
			while (true) {
				Iterable<ConsumerRecord<byte[], byte[]>> records = this.consumer.poll(Duration.ofSeconds(10));
				long now = Micros.now();
				records.forEach((message) -> this.receipts.add(message.value(), now));
			}
		}
		catch (WakeupException ex) {
			// this is how close() ends the reading
		}
		finally {
			this.consumer.close(CloseOptions.timeout(Duration.ofSeconds(1)));
		}
	}

	// Returns after the patience, too.
	void awaitAll(int events, Duration patience) {
		long end = System.nanoTime() + patience.toNanos();
		await().pollInterval(Duration.ofMillis(10))
			.atMost(patience.plusSeconds(10))
			.until(() -> this.receipts.size() >= events || System.nanoTime() - end >= 0 || this.reading.isDone());
	}

	Receipts receipts() {
		return this.receipts;
	}

	@Override
	public void close() {
		this.consumer.wakeup();
		this.reading.join();
	}

}
