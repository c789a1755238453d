package dev.outbox.health;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

import dev.outbox.OutboxStatus;
import dev.outbox.OutboxTrouble;
import dev.outbox.OutboxTrouble.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Collects what an instance meets: the troubles that last, and what was skipped. Nothing
 * is collected while all goes well. Trouble is over when it is said to be, or when it has
 * not been reported anew for long, because somebody else may have mended it unseen.
 * <p>
 * May be used by any thread.
 *
 * @since 0.1
 */
public final class InstanceHealth {

	private static final int MOST_TROUBLES = 100;

	private final Duration memory;

	private final LongSupplier clock;

	private final Map<Concern, Observation> observations = new ConcurrentHashMap<>();

	private final LongAdder foreign = new LongAdder();

	private final LongAdder malformed = new LongAdder();

	/**
	 * Create it.
	 * @param memory for how long trouble is remembered, unless it is reported anew
	 * @param clock a monotonic clock in nanoseconds
	 */
	public InstanceHealth(Duration memory, LongSupplier clock) {
		this.memory = memory;
		this.clock = clock;
	}

	/**
	 * Report trouble, again and again as long as it lasts.
	 * @param kind what is concerned
	 * @param topic the topic that is concerned, or {@code null}
	 * @param reason what has been seen, and what to do about it
	 */
	public void report(Kind kind, @Nullable String topic, String reason) {
		report(kind, topic, reason, this.memory);
	}

	/**
	 * Report trouble that would be reported anew soon if it lasted.
	 * @param kind what is concerned
	 * @param topic the topic that is concerned, or {@code null}
	 * @param reason what has been seen, and what to do about it
	 * @param memory for how long to remember it, unless it is reported anew
	 */
	public void report(Kind kind, @Nullable String topic, String reason, Duration memory) {
		long now = this.clock.getAsLong();
		this.observations.values().removeIf((observation) -> observation.isOver(now));
		Concern concern = new Concern(kind, topic);
		if (this.observations.size() < MOST_TROUBLES || this.observations.containsKey(concern)) {
			this.observations.merge(concern, new Observation(reason, now, now + memory.toNanos()),
					(known, latest) -> new Observation(reason, known.since(), latest.until()));
		}
	}

	/**
	 * Tell that trouble is over, if there was any.
	 * @param kind what was concerned
	 * @param topic the topic that was concerned, or {@code null}
	 */
	public void end(Kind kind, @Nullable String topic) {
		this.observations.remove(new Concern(kind, topic));
	}

	/**
	 * Count records that were passed over when events were read back.
	 * @param foreign how many were of somebody else
	 * @param malformed how many had no event's id
	 */
	public void skipped(long foreign, long malformed) {
		this.foreign.add(foreign);
		this.malformed.add(malformed);
	}

	/**
	 * What was passed over since the start.
	 * @return how many records of which kind
	 */
	public OutboxStatus.Skipped skipped() {
		return new OutboxStatus.Skipped(this.foreign.sum(), this.malformed.sum());
	}

	/**
	 * The troubles that last.
	 * @param pending whether any event is pending
	 * @return the troubles, the longest first
	 */
	public List<OutboxTrouble> troubles(boolean pending) {
		long now = this.clock.getAsLong();
		return this.observations.entrySet()
			.stream()
			.filter((entry) -> !entry.getValue().isOver(now))
			.filter((entry) -> pending || !entry.getKey().kind().concernsPending())
			.map((entry) -> new OutboxTrouble(entry.getKey().kind(), entry.getKey().topic(), entry.getValue().reason(),
					Duration.ofNanos(now - entry.getValue().since())))
			.sorted(Comparator.comparing(OutboxTrouble::age).reversed())
			.toList();
	}

	private record Concern(Kind kind, @Nullable String topic) {

	}

	private record Observation(String reason, long since, long until) {

		boolean isOver(long now) {
			return now - this.until > 0;
		}

	}

}
