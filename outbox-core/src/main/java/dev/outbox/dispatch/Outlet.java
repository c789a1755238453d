package dev.outbox.dispatch;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

import dev.outbox.health.InstanceHealth;
import dev.outbox.store.OutboxRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way out: the present channel, and what is under way through it.
 */
final class Outlet {

	private static final Logger logger = LoggerFactory.getLogger(Outlet.class);

	private static final int SHARE = 4;

	private static final Duration STUCK = Duration.ofSeconds(10);

	private final SendChannel.Factory channels;

	private final EventLoop loop;

	private final Consumer<UUID> acknowledged;

	private final LongSupplier clock;

	private final Obstacles obstacles;

	private final long maxBytes;

	private final long staleAfter;

	private final Map<UUID, Sending> inFlight = new HashMap<>();

	private final Map<Partition, PartitionFlow> partitions = new HashMap<>();

	private @Nullable SendChannel channel;

	private long bytes;

	private long watchedAt;

	private Consumer<Sending> listener = (sending) -> {
	};

	Outlet(SendChannel.Factory channels, EventLoop loop, Consumer<UUID> acknowledged, LongSupplier clock,
			DispatchSettings settings, InstanceHealth health) {
		this.channels = channels;
		this.loop = loop;
		this.acknowledged = acknowledged;
		this.clock = clock;
		this.obstacles = new Obstacles(health);
		this.maxBytes = settings.maxInFlightBytes();
		this.staleAfter = settings.staleAfter().toNanos();
	}

	// Who is told each completion, after the outlet itself has taken note of it.
	void onCompletion(Consumer<Sending> listener) {
		this.listener = listener;
	}

	// Answers whether that changes anything.
	boolean pause(boolean paused) {
		return this.obstacles.pause(paused);
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
		return this.obstacles.untilOpen(now);
	}

	long untilOpen(String topic, long now) {
		return this.obstacles.untilOpen(topic, now);
	}

	// Whether the topic can be written to without waiting: Kafka's client knows it, and
	// there has been no trouble since.
	boolean isFlowing(String topic) {
		return this.obstacles.isFlowing(topic, this.clock.getAsLong()) && !isFull();
	}

	// Sends an event, or answers that it must wait for what is under way: for the first
	// acknowledgement from its partition; where the topic has grown, for those of its key
	// that are bound for another partition; or where the partition has got its share of
	// what may be in flight, so that one that is stuck leaves room for the others.
	boolean send(Lane lane, long id, OutboxRecord event, @Nullable ResendPage page) {
		try {
			SendChannel channel = channel();
			Partition partition = new Partition(lane.key.topic(), channel.partition(lane.key));
			PartitionFlow flow = flow(partition);
			long now = this.clock.getAsLong();
			boolean repartitioned = lane.inFlight > 0 && lane.partition != partition.number();
			if (repartitioned || !flow.takesMore(now, this.maxBytes / SHARE)) {
				return false;
			}
			Sending sending = new Sending(lane, id, event, page, this);
			channel.send(event, partition.number(), !flow.isProven(), sending);
			flow.sent(event.size(), now);
			lane.inFlight++;
			lane.partition = partition.number();
			lane.sent(id, now, this.staleAfter);
			this.inFlight.put(event.eventId(), sending);
			this.bytes += event.size();
			return true;
		}
		catch (SendException ex) {
			this.obstacles.failed(lane.key.topic(), ex, this.clock.getAsLong());
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
		this.loop.hurry(hurry || isFull() || this.obstacles.isTroubled());
	}

	void completed(Sending sending) {
		Lane lane = sending.lane;
		this.inFlight.remove(sending.event.eventId());
		this.bytes -= sending.event.size();
		lane.inFlight--;
		Partition partition = new Partition(lane.key.topic(), lane.partition);
		SendException failure = sending.failure();
		flow(partition).completed(sending.event.size(), failure == null, sending.completedAt());
		if (failure == null) {
			this.obstacles.acknowledged(partition, sending.completedAt());
		}
		else {
			// All that was sent after it is void, too.
			lane.sentTo = Math.min(lane.sentTo, sending.id - 1);
			this.obstacles.failed(lane.key.topic(), failure, this.clock.getAsLong());
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
			this.obstacles.closed();
			this.channel = null;
		}
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
				.filter((entry) -> entry.getValue().isStuck(now, STUCK))
				.map(Map.Entry::getKey)
				.toList();
			if (!waiting.isEmpty()) {
				this.obstacles.stuck(waiting, STUCK, now);
			}
		}
		return this.watchedAt + STUCK.toNanos() - now;
	}

	private PartitionFlow flow(Partition partition) {
		return this.partitions.computeIfAbsent(partition, (key) -> new PartitionFlow());
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

}
