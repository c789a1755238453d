package dev.outbox.testsupport;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Reads topics from their beginning, on a thread of its own, and keeps every record in
 * the order in which it was read: per partition by offset, without a consumer group.
 */
public final class TopicReader implements AutoCloseable {

	private final KafkaConsumer<String, String> consumer;

	private final List<ConsumerRecord<String, String>> records = Collections.synchronizedList(new ArrayList<>());

	private final CompletableFuture<Void> reading;

	private TopicReader(KafkaConsumer<String, String> consumer) {
		this.consumer = consumer;
		this.reading = CompletableFuture.runAsync(this::read, TopicReader::runOnDaemonThread);
	}

	/**
	 * Start to read all partitions that the topics have now.
	 * @param bootstrapServers the broker's address
	 * @param topics the names of existing topics
	 * @return the reader
	 * @throws IllegalArgumentException if a topic does not exist
	 */
	public static TopicReader read(String bootstrapServers, String... topics) {
		KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
				Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
						ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest",
						ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false),
				new StringDeserializer(), new StringDeserializer());
		try {
			consumer.assign(Stream.of(topics).flatMap((topic) -> partitions(consumer, topic)).toList());
		}
		catch (RuntimeException ex) {
			consumer.close();
			throw ex;
		}
		return new TopicReader(consumer);
	}

	private static Stream<TopicPartition> partitions(KafkaConsumer<String, String> consumer, String topic) {
		List<TopicPartition> partitions = consumer.partitionsFor(topic)
			.stream()
			.map((partition) -> new TopicPartition(topic, partition.partition()))
			.toList();
		if (partitions.isEmpty()) {
			throw new IllegalArgumentException("The topic '" + topic + "' does not exist; create it first");
		}
		return partitions.stream();
	}

	private static void runOnDaemonThread(Runnable task) {
		Thread thread = new Thread(task, "topic-reader");
		thread.setDaemon(true);
		thread.start();
	}

	private void read() {
		try {
			while (true) {
				this.consumer.poll(Duration.ofSeconds(10)).forEach(this.records::add);
			}
		}
		catch (WakeupException ex) {
			// this is how close() ends the reading
		}
		finally {
			this.consumer.close(CloseOptions.timeout(Duration.ofSeconds(1)));
		}
	}

	/**
	 * The records read so far.
	 * @return a snapshot
	 */
	public List<ConsumerRecord<String, String>> records() {
		return List.copyOf(this.records);
	}

	/**
	 * Wait until at least so many records were read, in all and since the start.
	 * @param count how many records
	 * @param timeout how long to wait at most
	 * @return all records read so far, which may be more
	 * @throws AssertionError if fewer came
	 */
	public List<ConsumerRecord<String, String>> await(int count, Duration timeout) {
		Wait.until(timeout, () -> this.records.size() >= count || this.reading.isDone());
		if (this.records.size() < count) {
			String until = this.reading.isDone() ? "until the reading ended" : "within " + timeout;
			throw new AssertionError("Only %d of %d records came %s".formatted(this.records.size(), count, until),
					this.reading.handle((nothing, failure) -> failure).getNow(null));
		}
		return records();
	}

	/**
	 * End the reading and close the connections; the records stay.
	 */
	@Override
	public void close() {
		this.consumer.wakeup();
		this.reading.exceptionally((failure) -> null).join();
	}

}
