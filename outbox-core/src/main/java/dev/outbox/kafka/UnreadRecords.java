package dev.outbox.kafka;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what the outbox's consumer group has not read, without being a member of it and
 * without committing offsets: for the relay, where the group does not get on.
 *
 * @since 0.1
 */
public final class UnreadRecords {

	private static final Logger logger = LoggerFactory.getLogger(UnreadRecords.class);

	// The relay has a lock to renew.
	private static final Duration LONGEST = Duration.ofSeconds(2);

	private static final Duration POLL = Duration.ofMillis(200);

	private final Map<String, Object> settings;

	private final ConfirmationListener listener;

	private final RecentStart start;

	/**
	 * Create it.
	 * @param settings the settings of a consumer
	 * @param listener confirms what is read
	 * @param startAt how far back to start where the group has no committed offset
	 */
	public UnreadRecords(Map<String, Object> settings, ConfirmationListener listener, Duration startAt) {
		this.settings = new HashMap<>(settings);
		this.settings.remove(CommonClientConfigs.GROUP_ID_CONFIG);
		this.settings.remove(CommonClientConfigs.GROUP_INSTANCE_ID_CONFIG);
		this.listener = listener;
		this.start = new RecentStart(startAt, InstantSource.system(), () -> {
		});
	}

	/**
	 * Read on, for two seconds at most.
	 * @param read up to where partitions have been read; where it tells nothing of one,
	 * nothing has
	 * @param ends the ends of the partitions
	 * @return up to where they have been read now; empty if that is not possible
	 */
	public Map<TopicPartition, Long> read(Map<TopicPartition, Long> read, Map<TopicPartition, Long> ends) {
		Map<TopicPartition, Long> wanted = new HashMap<>(ends);
		// Of these the end is not known.
		wanted.values().removeIf((end) -> end == Long.MAX_VALUE);
		// It is made for the occasion, as is the client that asks about the group.
		try (Confirmed confirmed = new Confirmed(new KafkaConsumer<>(this.settings))) {
			confirmed.begin(read, wanted.keySet());
			long until = System.nanoTime() + LONGEST.toNanos();
			while (!confirmed.isUpTo(wanted) && System.nanoTime() - until < 0) {
				confirmed.readOn();
			}
			return confirmed.positions(wanted.keySet());
		}
		catch (KafkaException ex) {
			logger.warn("What the consumer group has not read cannot be read by the relay either: {}", ex.toString());
			return Map.of();
		}
	}

	private final class Confirmed implements AutoCloseable {

		private final Consumer<Object, Object> consumer;

		Confirmed(Consumer<Object, Object> consumer) {
			this.consumer = consumer;
		}

		void begin(Map<TopicPartition, Long> read, Set<TopicPartition> partitions) {
			this.consumer.assign(partitions);
			Set<TopicPartition> fresh = new HashSet<>(partitions);
			fresh.removeAll(read.keySet());
			if (!fresh.isEmpty()) {
				UnreadRecords.this.start.starts(this.consumer, fresh).forEach(this.consumer::seek);
			}
			partitions.stream()
				.filter(read::containsKey)
				.forEach((partition) -> this.consumer.seek(partition, read.getOrDefault(partition, 0L)));
		}

		void readOn() {
			List<ConsumerRecord<Object, Object>> records = new ArrayList<>();
			this.consumer.poll(POLL).forEach(records::add);
			if (!records.isEmpty()) {
				UnreadRecords.this.listener.onMessage(records);
			}
		}

		boolean isUpTo(Map<TopicPartition, Long> ends) {
			return positions(ends.keySet()).entrySet()
				.stream()
				.allMatch((position) -> position.getValue() >= ends.getOrDefault(position.getKey(), 0L));
		}

		Map<TopicPartition, Long> positions(Set<TopicPartition> partitions) {
			Map<TopicPartition, Long> positions = new HashMap<>();
			partitions.forEach((partition) -> positions.put(partition, this.consumer.position(partition, LONGEST)));
			return positions;
		}

		@Override
		public void close() {
			this.consumer.close(CloseOptions.timeout(POLL));
		}

	}

}
