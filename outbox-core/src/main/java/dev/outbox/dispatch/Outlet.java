package dev.outbox.dispatch;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

import dev.outbox.OutboxTrouble.Kind;
import dev.outbox.health.InstanceHealth;
import dev.outbox.store.OrderingKey;
import dev.outbox.store.OutboxRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way out: the present channel, what is under way through it, and the pauses that
 * trouble imposes.
 * <p>
 * The first event for a partition goes alone. Only when it has been acknowledged does the
 * broker know this producer's sequence there, and will it refuse whatever follows an
 * event that it has refused; from then on events are pipelined.
 */
final class Outlet {

	private static final Logger logger = LoggerFactory.getLogger(Outlet.class);

	private static final Duration SHORTEST_PAUSE = Duration.ofMillis(100);

	private static final Duration LONGEST_OUTAGE_PAUSE = Duration.ofSeconds(2);

	private static final Duration LONGEST_TOPIC_PAUSE = Duration.ofSeconds(30);

	private static final int SHARE = 4;

	private static final Duration FLOWING = Duration.ofSeconds(1);

	private static final Duration STUCK = Duration.ofSeconds(10);

	private static final Duration PROOF = Duration.ofMinutes(10);

	private final SendChannel.Factory channels;

	private final EventLoop loop;

	private final Consumer<UUID> acknowledged;

	private final LongSupplier clock;

	private final InstanceHealth health;

	private final long maxBytes;

	private final long staleAfter;

	private final Map<UUID, Sending> inFlight = new HashMap<>();

	private final Map<Partition, PartitionState> partitions = new HashMap<>();

	private final Map<String, Long> acknowledgedAt = new HashMap<>();

	private final Map<String, Pause> topics = new HashMap<>();

	private final Set<Partition> stuck = new HashSet<>();

	private final Pause outage = new Pause(SHORTEST_PAUSE, LONGEST_OUTAGE_PAUSE);

	private volatile boolean paused;

	private @Nullable SendChannel channel;

	private long bytes;

	private long watchedAt;

	private boolean silent;

	private Consumer<Sending> listener = (sending) -> {
	};

	Outlet(SendChannel.Factory channels, EventLoop loop, Consumer<UUID> acknowledged, LongSupplier clock,
			DispatchSettings settings, InstanceHealth health) {
		this.channels = channels;
		this.loop = loop;
		this.acknowledged = acknowledged;
		this.clock = clock;
		this.health = health;
		this.maxBytes = settings.maxInFlightBytes();
		this.staleAfter = settings.staleAfter().toNanos();
	}

	// Who is told each completion, after the outlet itself has taken note of it.
	void onCompletion(Consumer<Sending> listener) {
		this.listener = listener;
	}

	// Answers whether that changes anything.
	boolean pause(boolean paused) {
		boolean before = this.paused;
		this.paused = paused;
		return before != paused;
	}

	boolean isFull() {
		return this.bytes >= this.maxBytes;
	}

	boolean isInFlight(UUID eventId) {
		return this.inFlight.containsKey(eventId);
	}

	boolean isIdle() {
		return this.inFlight.isEmpty();
	}

	// Opens a channel before there is something to send. To load the classes of Kafka's
	// producer and to connect may take seconds while an application starts, in which the
	// first events would wait, and behind them those of other instances.
	void prepare() {
		try {
			channel();
		}
		catch (SendException ex) {
			logger.debug("There is no channel yet", ex);
		}
	}

	long untilOpen(long now) {
		return this.paused ? Long.MAX_VALUE : this.outage.remaining(now);
	}

	long untilOpen(String topic, long now) {
		Pause pause = this.topics.get(topic);
		return (pause != null) ? pause.remaining(now) : 0;
	}

	// Whether the topic can be written to without waiting: Kafka's client knows it, and
	// there has been no trouble since.
	boolean isFlowing(String topic) {
		Long acknowledged = this.acknowledgedAt.get(topic);
		return acknowledged != null && this.clock.getAsLong() - acknowledged < FLOWING.toNanos() && !isFull()
				&& !this.paused;
	}

	// Sends an event, or answers that it must wait for what is under way: for the first
	// acknowledgement from its partition; where the topic has grown, for those of its key
	// that are bound for another partition; or where the partition has got its share of
	// what may be in flight, so that one that is stuck leaves room for the others.
	boolean send(Lane lane, long id, OutboxRecord event, @Nullable ResendPage page) {
		try {
			SendChannel channel = channel();
			Partition partition = new Partition(lane.key.topic(), channel.partition(lane.key));
			PartitionState state = this.partitions.computeIfAbsent(partition, (key) -> new PartitionState());
			long now = this.clock.getAsLong();
			state.forgetProofIfIdle(now);
			boolean repartitioned = lane.inFlight > 0 && lane.partition != partition.number();
			if (repartitioned || (!state.proven && state.inFlight > 0) || state.bytes >= this.maxBytes / SHARE) {
				return false;
			}
			Sending sending = new Sending(lane, id, event, page, this);
			channel.send(event, partition.number(), !state.proven, sending);
			if (state.inFlight == 0) {
				state.movedAt = now;
			}
			state.inFlight++;
			state.bytes += event.size();
			state.usedAt = now;
			lane.inFlight++;
			lane.partition = partition.number();
			lane.sent(id, now, this.staleAfter);
			this.inFlight.put(event.eventId(), sending);
			this.bytes += event.size();
			return true;
		}
		catch (SendException ex) {
			pause(lane.key, ex);
			throw ex;
		}
	}

	// On any thread, mostly the producer's. The loop sleeps on if it has nothing to do
	// about it: to wake it up for each acknowledgement takes much of an event's time.
	void answered(Sending sending) {
		if (sending.failure() == null) {
			this.loop.executeLater(sending);
			this.acknowledged.accept(sending.event.eventId());
		}
		else {
			this.loop.execute(sending);
		}
	}

	long now() {
		return this.clock.getAsLong();
	}

	// Whether to be told at once what is acknowledged.
	void hurry(boolean hurry) {
		this.loop.hurry(hurry || isFull() || isTroubled());
	}

	private boolean isTroubled() {
		return this.outage.isSet() || this.silent || !this.topics.isEmpty() || !this.stuck.isEmpty();
	}

	void completed(Sending sending) {
		Lane lane = sending.lane;
		this.inFlight.remove(sending.event.eventId());
		this.bytes -= sending.event.size();
		lane.inFlight--;
		Partition partition = new Partition(lane.key.topic(), lane.partition);
		PartitionState state = this.partitions.computeIfAbsent(partition, (key) -> new PartitionState());
		state.inFlight--;
		state.bytes -= sending.event.size();
		SendException failure = sending.failure();
		state.proven = failure == null;
		if (failure == null) {
			state.movedAt = sending.completedAt();
			this.acknowledgedAt.put(lane.key.topic(), state.movedAt);
			endTrouble(partition);
		}
		else {
			// All that was sent after it is void, too.
			lane.sentTo = Math.min(lane.sentTo, sending.id - 1);
			pause(lane.key, failure);
		}
		this.listener.accept(sending);
	}

	// Lets go of a channel that has closed itself. Its callbacks have all been called
	// when this returns, and have to be worked off before a new channel is used.
	void renewIfClosed() {
		SendChannel channel = this.channel;
		if (channel != null && channel.isClosed()) {
			close(Duration.ZERO);
		}
	}

	void close(Duration grace) {
		SendChannel channel = this.channel;
		if (channel != null) {
			channel.close(grace);
			this.loop.runMessages();
			for (Sending lost : List.copyOf(this.inFlight.values())) {
				lost.completed(new SendException(Trouble.CLOSED, new IllegalStateException("closed")));
			}
			this.loop.runMessages();
			this.partitions.clear();
			this.acknowledgedAt.clear();
			this.channel = null;
		}
	}

	private SendChannel channel() {
		SendChannel channel = this.channel;
		if (channel == null) {
			try {
				channel = this.channels.open();
			}
			catch (RuntimeException ex) {
				// Names that do not resolve, for example.
				throw new SendException(Trouble.OUTAGE, ex);
			}
			this.channel = channel;
		}
		return channel;
	}

	// The producer tries for ever what may yet succeed, and says nothing of it: without a
	// leader, for example, or enough replicas in sync. Answers for how many nanoseconds
	// there is nothing to watch.
	long watch() {
		if (this.inFlight.isEmpty()) {
			// Other threads may send while this one sleeps.
			return STUCK.toNanos();
		}
		long now = this.clock.getAsLong();
		if (now - this.watchedAt >= STUCK.toNanos()) {
			this.watchedAt = now;
			List<Partition> waiting = this.partitions.entrySet()
				.stream()
				.filter((entry) -> entry.getValue().isStuck(now))
				.map(Map.Entry::getKey)
				.toList();
			if (!waiting.isEmpty()) {
				tellOfStuck(waiting, now);
			}
		}
		return this.watchedAt + STUCK.toNanos() - now;
	}

	private void tellOfStuck(List<Partition> waiting, long now) {
		this.silent = this.acknowledgedAt.values().stream().noneMatch((at) -> now - at < STUCK.toNanos());
		if (this.silent) {
			this.health.report(Kind.BROKER, null,
					"Kafka has acknowledged nothing for at least %d seconds. Mend the ".formatted(STUCK.toSeconds())
							+ "broker or the connection; events wait and go out then");
			return;
		}
		for (Partition partition : waiting) {
			this.stuck.add(partition);
			this.health.report(Kind.TOPIC, partition.topic(),
					"Nothing that was sent to partition %d has been acknowledged for at least %d seconds. Look whether it "
						.formatted(partition.number(), STUCK.toSeconds())
							+ "has a leader and enough replicas in sync; its events wait");
		}
	}

	private void endTrouble(Partition partition) {
		if (this.outage.reset() || this.silent) {
			this.silent = false;
			this.health.end(Kind.BROKER, null);
		}
		String topic = partition.topic();
		boolean wasStuck = this.stuck.remove(partition);
		if (this.topics.remove(topic) != null || wasStuck) {
			if (this.stuck.stream().noneMatch((other) -> other.topic().equals(topic))) {
				this.health.end(Kind.TOPIC, topic);
			}
		}
	}

	private void pause(OrderingKey key, SendException failure) {
		long now = this.clock.getAsLong();
		if (failure.trouble() == Trouble.OUTAGE) {
			logger.warn("Kafka cannot be reached; events wait in the table: {}", failure.getMessage());
			this.health.report(Kind.BROKER, null,
					"Kafka cannot be reached or refuses everything: %s (%s). Mend the broker, the connection or its rights; events wait and go out then"
						.formatted(failure.getMessage(), failure.error()));
			this.acknowledgedAt.clear();
			this.outage.begin(now);
		}
		else if (failure.trouble() == Trouble.TOPIC) {
			logger.warn("Topic {} cannot be written to; its events wait in the table: {}", key.topic(),
					failure.getMessage());
			this.health.report(Kind.TOPIC, key.topic(),
					"The topic cannot be written to: %s (%s). Create it, or grant the right to write; its events wait and go out then"
						.formatted(failure.getMessage(), failure.error()));
			this.acknowledgedAt.remove(key.topic());
			this.topics.computeIfAbsent(key.topic(), (topic) -> new Pause(SHORTEST_PAUSE, LONGEST_TOPIC_PAUSE))
				.begin(now);
		}
	}

	private record Partition(String topic, int number) {

	}

	private static final class PartitionState {

		private boolean proven;

		private int inFlight;

		private long bytes;

		private long usedAt;

		private long movedAt;

		boolean isStuck(long now) {
			return this.inFlight > 0 && now - this.movedAt >= STUCK.toNanos();
		}

		// The broker forgets a producer that has been idle for long.
		void forgetProofIfIdle(long now) {
			if (this.inFlight == 0 && now - this.usedAt > PROOF.toNanos()) {
				this.proven = false;
			}
		}

	}

}
