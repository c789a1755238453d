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
import dev.outbox.relay.ReadProgress;
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
 * Tells how far the outbox's consumer group is behind in each topic, by the offsets that
 * it has committed.
 *
 * @since 0.1
 */
public final class GroupReadBack implements ReadBack {

	private static final Logger logger = LoggerFactory.getLogger(GroupReadBack.class);

	private final Map<String, Object> settings;

	private final Set<String> unread = new HashSet<>();

	private final String group;

	private final Collection<String> topics;

	private final LongSupplier clock;

	private final InstanceHealth health;

	private final Map<String, ReadProgress<TopicPartition>> progress = new HashMap<>();

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
			return ReadProgress.UNKNOWN;
		}
		ReadProgress<TopicPartition> known = this.progress.get(topic);
		return (known != null) ? known.lag() : Duration.ZERO;
	}

	@Override
	public Duration patience(String topic) {
		ReadProgress<TopicPartition> known = this.progress.get(topic);
		return (known != null) ? known.patience() : ReadProgress.UNKNOWN;
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
			ends.forEach((topic, end) -> look(topic, end, read));
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

	private void look(String topic, Map<TopicPartition, Long> ends, Map<TopicPartition, Long> read) {
		ReadProgress<TopicPartition> known = this.progress.computeIfAbsent(topic, (name) -> new ReadProgress<>());
		boolean stood = known.stands();
		known.look(ends, read, this.clock.getAsLong());
		if (known.stands() && !stood) {
			logger.warn("Consumer group '{}' has stopped reading topic {}; stale events that other instances have "
					+ "sent are sent again", this.group, topic);
		}
		if (known.stands()) {
			this.health.report(Kind.CONFIRMATION, topic,
					"Consumer group '%s' has stopped reading the topic. Look for its members and their errors; "
						.formatted(this.group)
							+ "until it goes on, rows stay, and events that other instances have sent are sent again");
		}
		else {
			this.health.end(Kind.CONFIRMATION, topic);
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

}
