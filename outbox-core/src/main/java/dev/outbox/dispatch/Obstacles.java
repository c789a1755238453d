package dev.outbox.dispatch;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

import dev.outbox.OutboxTrouble.Kind;
import dev.outbox.health.InstanceHealth;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What stands in the way of sending: an operator's pause, an outage, a topic that cannot
 * be written to, a partition that is stuck; and which topics are known to be free of
 * them. The instance's health is told of all but the pause.
 */
final class Obstacles {

	private static final Logger logger = LoggerFactory.getLogger(Obstacles.class);

	private static final Duration SHORTEST_PAUSE = Duration.ofMillis(100);

	private static final Duration LONGEST_OUTAGE_PAUSE = Duration.ofSeconds(2);

	private static final Duration LONGEST_TOPIC_PAUSE = Duration.ofSeconds(30);

	private static final Duration FLOWING = Duration.ofSeconds(1);

	private final InstanceHealth health;

	private final Map<String, Long> acknowledgedAt = new HashMap<>();

	private final Map<String, Pause> topics = new HashMap<>();

	private final Set<Partition> stuck = new HashSet<>();

	private final Pause outage = new Pause(SHORTEST_PAUSE, LONGEST_OUTAGE_PAUSE);

	private volatile boolean paused;

	private boolean silent;

	Obstacles(InstanceHealth health) {
		this.health = health;
	}

	// On any thread. Answers whether that changes anything.
	boolean pause(boolean paused) {
		boolean before = this.paused;
		this.paused = paused;
		return before != paused;
	}

	boolean isTroubled() {
		return this.outage.isSet() || this.silent || !this.topics.isEmpty() || !this.stuck.isEmpty();
	}

	// For how many nanoseconds nothing can be sent.
	long untilOpen(long now) {
		return this.paused ? Long.MAX_VALUE : this.outage.remaining(now);
	}

	// For how many nanoseconds nothing can be sent to a topic.
	long untilOpen(String topic, long now) {
		Pause pause = this.topics.get(topic);
		return (pause != null) ? pause.remaining(now) : 0;
	}

	// Whether a topic can be written to without waiting.
	boolean isFlowing(String topic, long now) {
		Long acknowledged = this.acknowledgedAt.get(topic);
		return acknowledged != null && now - acknowledged < FLOWING.toNanos() && !this.paused;
	}

	void acknowledged(Partition partition, long at) {
		String topic = partition.topic();
		this.acknowledgedAt.put(topic, at);
		if (this.outage.reset() || this.silent) {
			this.silent = false;
			this.health.end(Kind.BROKER, null);
		}
		boolean wasStuck = this.stuck.remove(partition);
		if ((this.topics.remove(topic) != null || wasStuck)
				&& this.stuck.stream().noneMatch((other) -> other.topic().equals(topic))) {
			this.health.end(Kind.TOPIC, topic);
		}
	}

	void failed(String topic, SendException failure, long now) {
		if (failure.trouble() == Trouble.OUTAGE) {
			logger.warn("Kafka cannot be reached; events wait in the table: {}", failure.getMessage());
			this.health.report(Kind.BROKER, null,
					"Kafka cannot be reached or refuses everything: %s (%s). Mend the broker, the connection or its rights; events wait and go out then"
						.formatted(failure.getMessage(), failure.error()));
			this.acknowledgedAt.clear();
			this.outage.begin(now);
		}
		else if (failure.trouble() == Trouble.TOPIC) {
			logger.warn("Topic {} cannot be written to; its events wait in the table: {}", topic, failure.getMessage());
			this.health.report(Kind.TOPIC, topic,
					"The topic cannot be written to: %s (%s). Create it, or grant the right to write; its events wait and go out then"
						.formatted(failure.getMessage(), failure.error()));
			this.acknowledgedAt.remove(topic);
			this.topics.computeIfAbsent(topic, (name) -> new Pause(SHORTEST_PAUSE, LONGEST_TOPIC_PAUSE)).begin(now);
		}
	}

	// For so long there has been no acknowledgement from some partitions, or from any.
	void stuck(Collection<Partition> partitions, Duration length, long now) {
		this.silent = this.acknowledgedAt.values().stream().noneMatch((at) -> now - at < length.toNanos());
		if (this.silent) {
			this.health.report(Kind.BROKER, null,
					"Kafka has acknowledged nothing for at least %d seconds. Mend the ".formatted(length.toSeconds())
							+ "broker or the connection; events wait and go out then");
			return;
		}
		for (Partition partition : partitions) {
			this.stuck.add(partition);
			this.health.report(Kind.TOPIC, partition.topic(),
					"Nothing that was sent to partition %d has been acknowledged for at least %d seconds. Look whether it "
						.formatted(partition.number(), length.toSeconds())
							+ "has a leader and enough replicas in sync; its events wait");
		}
	}

	// What was known of topics was known to the channel that is closed.
	void closed() {
		this.acknowledgedAt.clear();
	}

}
