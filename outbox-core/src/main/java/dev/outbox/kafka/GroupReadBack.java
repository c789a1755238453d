package dev.outbox.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

import dev.outbox.OutboxException;
import dev.outbox.OutboxTrouble.Kind;
import dev.outbox.health.InstanceHealth;
import dev.outbox.relay.ReadBack;
import dev.outbox.relay.ReadProgress;
import dev.outbox.relay.TopicReading;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
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

	// There may be no look for a while, if what is stale is confirmed late.
	private static final Duration MEMORY = Duration.ofMinutes(5);

	private final Map<String, Object> settings;

	private final Set<String> unread = new HashSet<>();

	private final String group;

	private final BooleanSupplier left;

	private final Collection<String> topics;

	private final LongSupplier clock;

	private final InstanceHealth health;

	private final UnreadRecords unreadRecords;

	private final Map<String, TopicReading<TopicPartition>> readings = new HashMap<>();

	private boolean empty;

	private boolean standsIn;

	/**
	 * Create it.
	 * @param settings the settings of a client that asks the broker
	 * @param group the consumer group of the outbox
	 * @param left whether the group is left to another outbox, so that what it reads is
	 * not confirmed
	 * @param topics the topics it reads
	 * @param clock a monotonic clock in nanoseconds
	 * @param health is told of trouble
	 * @param unreadRecords reads where the group does not
	 */
	public GroupReadBack(Map<String, Object> settings, String group, BooleanSupplier left, Collection<String> topics,
			LongSupplier clock, InstanceHealth health, UnreadRecords unreadRecords) {
		this.settings = settings;
		this.group = group;
		this.left = left;
		this.topics = topics;
		this.clock = clock;
		this.health = health;
		this.unreadRecords = unreadRecords;
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
		TopicReading<TopicPartition> known = this.readings.get(topic);
		return (known != null) ? known.lag() : Duration.ZERO;
	}

	@Override
	public Duration patience(String topic) {
		TopicReading<TopicPartition> known = this.readings.get(topic);
		return (known != null) ? known.patience() : ReadProgress.UNKNOWN;
	}

	@Override
	public void look() {
		// Stale events are rare: a client for the occasion costs an idle application
		// nothing.
		try (Admin admin = Admin.create(this.settings)) {
			GroupOffsets offsets = new GroupOffsets(admin, this.group);
			long now = this.clock.getAsLong();
			Map<String, Map<TopicPartition, Long>> ends = offsets.ends(this.topics);
			this.standsIn = this.left.getAsBoolean();
			Map<TopicPartition, Long> committed = this.standsIn ? Map.of() : offsets.committed();
			Map<TopicPartition, Long> unread = new HashMap<>();
			ends.forEach((topic, end) -> {
				if (lookAtGroup(topic, end, committed, now)) {
					unread.putAll(end);
				}
			});
			if (!unread.isEmpty()) {
				this.unreadRecords.read(committed, unread);
			}
			ends.forEach((topic, end) -> look(topic, end, this.unreadRecords.upTo(committed, end), now));
			tellOfMembers(offsets.hasMembers());
		}
		catch (ExecutionException ex) {
			throw unknown(ex.getCause());
		}
		catch (InterruptedException | InterruptException ex) {
			Thread.currentThread().interrupt();
			throw new OutboxException("Interrupted", ex);
		}
		catch (KafkaException ex) {
			throw unknown(ex);
		}
	}

	private boolean lookAtGroup(String topic, Map<TopicPartition, Long> ends, Map<TopicPartition, Long> committed,
			long now) {
		TopicReading<TopicPartition> known = this.readings.computeIfAbsent(topic, (name) -> new TopicReading<>());
		boolean stood = known.groupStands();
		boolean tooSlow = known.lookAtGroup(ends, committed, now);
		if (known.groupStands() && !stood && !this.standsIn) {
			logger.warn("Consumer group '{}' has stopped reading topic {}; the relay reads it instead", this.group,
					topic);
		}
		return tooSlow;
	}

	private void look(String topic, Map<TopicPartition, Long> ends, Map<TopicPartition, Long> read, long now) {
		TopicReading<TopicPartition> known = Objects.requireNonNull(this.readings.get(topic));
		known.look(ends, read, now);
		// Where the group is left to others, that is told of already.
		if (known.groupStands() && (known.stands() || !this.standsIn)) {
			this.health.report(Kind.CONFIRMATION, topic,
					"Consumer group '%s' has stopped reading the topic. Look for its members and their errors; "
						.formatted(this.group)
							+ (known.stands()
									? "the relay cannot read it either: rows stay, and events that other instances have "
											+ "sent are sent again"
									: "until it goes on, the relay reads the topic in its place, so that events are "
											+ "confirmed late"),
					MEMORY);
		}
		else {
			this.health.end(Kind.CONFIRMATION, topic);
		}
	}

	private OutboxException unknown(@Nullable Throwable cause) {
		OutboxException unknown = new OutboxException(
				"It cannot be told how far group '%s' is behind: %s".formatted(this.group, cause), cause);
		this.health.report(Kind.CONFIRMATION, null,
				unknown.getMessage() + ". Mend the broker, the connection or the right to describe the group; "
						+ "until then nothing is sent again",
				MEMORY);
		return unknown;
	}

	// At the start the first look may come before the first member.
	private void tellOfMembers(boolean any) {
		if (!any && this.empty) {
			this.health.report(Kind.CONFIRMATION, null,
					"Consumer group '%s' has no member, so that nothing is confirmed. Look for errors of its consumers"
						.formatted(this.group),
					MEMORY);
		}
		else {
			this.health.end(Kind.CONFIRMATION, null);
		}
		this.empty = !any;
	}

}
