package dev.outbox.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.LongSupplier;

import dev.outbox.OutboxException;
import dev.outbox.OutboxTrouble.Kind;
import dev.outbox.health.InstanceHealth;
import dev.outbox.relay.ReadBack;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells how far the outbox's consumer group is behind. For each topic the end is noted;
 * when the group has committed up to that end, everything acknowledged by then has been
 * read, and the next end is noted. A group that does not move for a while is not waited
 * for.
 *
 * @since 0.1
 */
public final class GroupReadBack implements ReadBack {

	private static final Logger logger = LoggerFactory.getLogger(GroupReadBack.class);

	private static final Duration PATIENCE_WITHOUT_MOVE = Duration.ofSeconds(30);

	private static final Duration LONGEST_LAG = Duration.ofMinutes(10);

	private final Map<String, Object> settings;

	private static final Duration FOR_EVER = Duration.ofDays(36_500);

	private final Set<String> unread = new HashSet<>();

	private final String group;

	private final Collection<String> topics;

	private final LongSupplier clock;

	private final InstanceHealth health;

	private final Map<String, Progress> progress = new HashMap<>();

	private boolean looked;

	private boolean empty;

	/**
	 * Create it.
	 * @param settings the settings of a client that asks the broker
	 * @param group the consumer group of the outbox
	 * @param topics the topics it reads
	 * @param clock a monotonic clock in nanoseconds
	 * @param health is told of trouble
	 */
	public GroupReadBack(Map<String, Object> settings, String group, Collection<String> topics, LongSupplier clock,
			InstanceHealth health) {
		this.settings = settings;
		this.group = group;
		this.topics = topics;
		this.clock = clock;
		this.health = health;
	}

	// What nobody here reads back cannot be confirmed: it waits for an instance that
	// does.
	@Override
	public Duration lag(String topic) {
		if (!this.topics.contains(topic)) {
			if (this.unread.add(topic)) {
				logger
					.error("The table has events for topic '{}', to which no declared event type belongs, so that they "
							+ "could not be confirmed. They wait. Declare their type in this application, by an enum, a "
							+ "bean, or the property outbox.event-types.<name>={}", topic, topic);
			}
			return FOR_EVER;
		}
		Progress known = this.progress.get(topic);
		return (known != null) ? known.lag : Duration.ZERO;
	}

	@Override
	public void look() {
		// Stale events are rare: a client for the occasion costs an idle application
		// nothing.
		this.looked = true;
		try (Admin admin = Admin.create(this.settings)) {
			Map<String, Map<TopicPartition, Long>> ends = ends(admin);
			Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(this.group)
				.partitionsToOffsetAndMetadata()
				.get();
			Map<TopicPartition, Long> read = new HashMap<>();
			committed.forEach((partition, offset) -> read.put(partition, (offset != null) ? offset.offset() : 0L));
			ends.forEach((topic, end) -> this.progress.computeIfAbsent(topic, (name) -> new Progress())
				.look(topic, end, read, this.clock.getAsLong()));
			tellOfMembers(hasMembers(admin));
		}
		catch (ExecutionException ex) {
			throw unknown(ex.getCause());
		}
		catch (KafkaException ex) {
			throw unknown(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new OutboxException("Interrupted", ex);
		}
	}

	@Override
	public void rest() {
		if (this.looked) {
			this.looked = false;
			this.empty = false;
			this.health.end(Kind.CONFIRMATION, null);
			this.topics.forEach((topic) -> this.health.end(Kind.CONFIRMATION, topic));
		}
	}

	private OutboxException unknown(@Nullable Throwable cause) {
		OutboxException unknown = new OutboxException(
				"It cannot be told how far group '%s' is behind: %s".formatted(this.group, cause), cause);
		this.health.report(Kind.CONFIRMATION, null,
				unknown.getMessage() + ". Mend the broker, the connection or the right to describe the group; "
						+ "until then nothing is sent again");
		return unknown;
	}

	// At the start the first look may come before the first member.
	private void tellOfMembers(boolean any) {
		if (!any && this.empty) {
			this.health.report(Kind.CONFIRMATION, null,
					"Consumer group '%s' has no member, so that nothing is confirmed. Look for errors of its consumers"
						.formatted(this.group));
		}
		else {
			this.health.end(Kind.CONFIRMATION, null);
		}
		this.empty = !any;
	}

	private boolean hasMembers(Admin admin) throws InterruptedException, ExecutionException {
		try {
			return admin.describeConsumerGroups(Set.of(this.group))
				.all()
				.get()
				.values()
				.stream()
				.anyMatch((description) -> !description.members().isEmpty());
		}
		catch (ExecutionException ex) {
			if (ex.getCause() instanceof GroupIdNotFoundException) {
				return false;
			}
			throw ex;
		}
	}

	// A topic that cannot be described has no events that could have been read.
	private Map<String, Map<TopicPartition, Long>> ends(Admin admin) throws InterruptedException, ExecutionException {
		Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
		for (var topic : admin.describeTopics(this.topics).topicNameValues().entrySet()) {
			try {
				topic.getValue()
					.get()
					.partitions()
					.forEach((partition) -> wanted.put(new TopicPartition(topic.getKey(), partition.partition()),
							OffsetSpec.latest()));
			}
			catch (ExecutionException ex) {
				logger.debug("Topic {} cannot be described", topic.getKey(), ex);
			}
		}
		ListOffsetsResult offsets = admin.listOffsets(wanted);
		Map<String, Map<TopicPartition, Long>> ends = new HashMap<>();
		for (TopicPartition partition : wanted.keySet()) {
			ends.computeIfAbsent(partition.topic(), (topic) -> new HashMap<>()).put(partition, end(offsets, partition));
		}
		return ends;
	}

	// A partition that cannot answer, without a leader for example, concerns its topic
	// alone, which counts as not read.
	private static long end(ListOffsetsResult offsets, TopicPartition partition) throws InterruptedException {
		try {
			return offsets.partitionResult(partition).get().offset();
		}
		catch (ExecutionException ex) {
			logger.debug("The end of {} is not known", partition, ex);
			return Long.MAX_VALUE;
		}
	}

	private final class Progress {

		private @Nullable Map<TopicPartition, Long> noted;

		private long notedAt;

		private long readTotal;

		private long movedAt;

		private Duration lag = LONGEST_LAG;

		void look(String topic, Map<TopicPartition, Long> end, Map<TopicPartition, Long> read, long now) {
			long total = end.keySet().stream().mapToLong((partition) -> read.getOrDefault(partition, 0L)).sum();
			if (this.noted == null || total != this.readTotal) {
				this.movedAt = now;
			}
			this.readTotal = total;
			if (this.noted == null) {
				note(end, now);
			}
			Map<TopicPartition, Long> noted = (this.noted != null) ? this.noted : end;
			boolean stopped = false;
			if (isRead(end, read)) {
				this.lag = Duration.ZERO;
				note(end, now);
			}
			else if (isRead(noted, read)) {
				this.lag = bounded(now - this.notedAt);
				note(end, now);
			}
			else if (now - this.movedAt > PATIENCE_WITHOUT_MOVE.toNanos()) {
				stopped = true;
				if (!this.lag.isZero()) {
					logger.warn("Consumer group '{}' has stopped reading topic {}; stale events are sent again",
							GroupReadBack.this.group, topic);
				}
				this.lag = Duration.ZERO;
			}
			else {
				this.lag = LONGEST_LAG;
			}
			tell(topic, stopped);
		}

		private void tell(String topic, boolean stopped) {
			if (stopped) {
				GroupReadBack.this.health
					.report(Kind.CONFIRMATION, topic,
							"Consumer group '%s' has stopped reading the topic. Look for its members and their errors; "
								.formatted(GroupReadBack.this.group)
									+ "until it goes on, events are sent again and again");
			}
			else {
				GroupReadBack.this.health.end(Kind.CONFIRMATION, topic);
			}
		}

		// Up to the former end all has been read: for how long there has been more to
		// read is not known.
		private void note(Map<TopicPartition, Long> end, long now) {
			this.noted = end;
			this.notedAt = now;
			this.movedAt = now;
		}

		private static Duration bounded(long nanos) {
			return Duration.ofNanos(Math.min(nanos, LONGEST_LAG.toNanos()));
		}

		private static boolean isRead(Map<TopicPartition, Long> end, Map<TopicPartition, Long> read) {
			return end.entrySet()
				.stream()
				.allMatch((entry) -> read.getOrDefault(entry.getKey(), 0L) >= entry.getValue());
		}

	}

}
