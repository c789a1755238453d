package dev.outbox.kafka;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what the outbox's consumer group has not read, without being a member of it and
 * without committing offsets: for the relay, where the group does not get on. It does so
 * on a thread of its own, since to clear what is read may have to wait for locks.
 *
 * @since 0.1
 */
public final class UnreadRecords {

	private static final Logger logger = LoggerFactory.getLogger(UnreadRecords.class);

	private static final Duration PATIENCE = Duration.ofSeconds(5);

	private static final Duration POLL = Duration.ofMillis(200);

	private final Map<String, Object> settings;

	private final ConfirmationListener listener;

	private final RecentStart start;

	private final Map<TopicPartition, Long> positions = new ConcurrentHashMap<>();

	private volatile boolean reading;

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
		this.settings.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, 1);
		this.listener = listener;
		this.start = new RecentStart(startAt, InstantSource.system(), () -> {
		});
	}

	/**
	 * Begin to read, unless it goes on already. Does not wait.
	 * @param committed up to where the group has read partitions
	 * @param ends the ends of the partitions to read, {@link Long#MAX_VALUE} if not known
	 */
	public void read(Map<TopicPartition, Long> committed, Map<TopicPartition, Long> ends) {
		if (this.reading) {
			return;
		}
		Map<TopicPartition, Long> read = upTo(committed, ends);
		Map<TopicPartition, Long> unread = new HashMap<>(ends);
		unread.values().removeIf((end) -> end == Long.MAX_VALUE);
		unread.entrySet().removeIf((end) -> read.getOrDefault(end.getKey(), -1L) >= end.getValue());
		if (!unread.isEmpty()) {
			this.reading = true;
			Thread thread = new Thread(() -> run(read, unread), "outbox-unread");
			thread.setDaemon(true);
			thread.start();
		}
	}

	/**
	 * Up to where partitions have been read, here or by the group. What would lie behind
	 * the end was read before the topic was made anew.
	 * @param committed up to where the group has read partitions
	 * @param ends the ends of the partitions
	 * @return the offsets, also of other partitions that the group has read
	 */
	public Map<TopicPartition, Long> upTo(Map<TopicPartition, Long> committed, Map<TopicPartition, Long> ends) {
		boolean goesOn = this.reading;
		Map<TopicPartition, Long> read = new HashMap<>(committed);
		ends.forEach((partition, end) -> {
			Long position = this.positions.get(partition);
			if (position != null && (goesOn || position <= end)) {
				read.merge(partition, position, Math::max);
			}
		});
		return read;
	}

	private void run(Map<TopicPartition, Long> read, Map<TopicPartition, Long> ends) {
		try {
			Set<String> refused = readUpTo(ends, read);
			while (!refused.isEmpty() && ends.keySet().removeIf((partition) -> refused.contains(partition.topic()))) {
				refused.addAll(readUpTo(ends, upTo(read, ends)));
			}
		}
		catch (RuntimeException ex) {
			logger.warn("What the consumer group has not read cannot be read by the relay either: {}", ex.toString());
		}
		finally {
			this.reading = false;
		}
	}

	// Answers which topics must not be read, so that none was read any further.
	private Set<String> readUpTo(Map<TopicPartition, Long> ends, Map<TopicPartition, Long> read) {
		try (Consumer<Object, Object> consumer = new KafkaConsumer<>(this.settings)) {
			try {
				begin(consumer, read, ends.keySet());
				long progressAt = System.nanoTime();
				notePositions(consumer);
				while (!areRead(ends) && System.nanoTime() - progressAt < PATIENCE.toNanos()) {
					if (readOn(consumer)) {
						progressAt = System.nanoTime();
					}
					notePositions(consumer);
				}
				return new HashSet<>();
			}
			catch (TopicAuthorizationException ex) {
				logger.warn("What the consumer group has not read cannot be read by the relay either: {}",
						ex.toString());
				return new HashSet<>(ex.unauthorizedTopics());
			}
			finally {
				consumer.close(CloseOptions.timeout(POLL));
			}
		}
	}

	private void begin(Consumer<?, ?> consumer, Map<TopicPartition, Long> read, Set<TopicPartition> partitions) {
		consumer.assign(partitions);
		Set<TopicPartition> fresh = new HashSet<>(partitions);
		fresh.removeAll(read.keySet());
		if (!fresh.isEmpty()) {
			this.start.starts(consumer, fresh).forEach(consumer::seek);
		}
		partitions.stream()
			.filter(read::containsKey)
			.forEach((partition) -> consumer.seek(partition, read.getOrDefault(partition, 0L)));
	}

	private boolean readOn(Consumer<Object, Object> consumer) {
		List<ConsumerRecord<Object, Object>> records = new ArrayList<>();
		consumer.poll(POLL).forEach(records::add);
		if (!records.isEmpty()) {
			this.listener.onMessage(records);
		}
		return !records.isEmpty();
	}

	// What lies before them has been confirmed by now.
	private void notePositions(Consumer<?, ?> consumer) {
		consumer.assignment()
			.forEach((partition) -> this.positions.put(partition, consumer.position(partition, PATIENCE)));
	}

	private boolean areRead(Map<TopicPartition, Long> ends) {
		return ends.entrySet()
			.stream()
			.allMatch((end) -> this.positions.getOrDefault(end.getKey(), 0L) >= end.getValue());
	}

}
