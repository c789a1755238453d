package dev.outbox.relay;

import java.time.Duration;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * How far the reading back of one topic is, judged by what is looked at from time to
 * time:
 * <ol>
 * <li>The ends of the partitions are noted.
 * <li>When they have been read, everything that had been acknowledged by the time they
 * were noted has been read, and the next ends are noted.
 * <li>What there is to read and does not become less for a while is not being read.
 * </ol>
 *
 * @param <P> what tells partitions apart
 * @since 0.1
 */
public final class ReadProgress<P> {

	/**
	 * The lag as long as nothing is known.
	 */
	public static final Duration UNKNOWN = Duration.ofDays(36_500);

	private static final Duration LONGEST_STAND = Duration.ofSeconds(30);

	private static final Duration LONGEST_DOUBT = Duration.ofMinutes(10);

	private @Nullable Map<P, Long> noted;

	private long notedAt;

	private long readTotal;

	private long movedAt;

	private @Nullable Long firstLookAt;

	private Duration patience = UNKNOWN;

	private boolean stands;

	private boolean known;

	private long readUpTo;

	private Duration lag = UNKNOWN;

	/**
	 * Look at what there is and what has been read.
	 * @param ends the ends of the partitions
	 * @param read up to where partitions have been read
	 * @param now the present time of a monotonic clock in nanoseconds
	 */
	public void look(Map<P, Long> ends, Map<P, Long> read, long now) {
		long total = ends.keySet().stream().mapToLong((partition) -> read.getOrDefault(partition, 0L)).sum();
		if (total != this.readTotal) {
			this.movedAt = now;
		}
		this.readTotal = total;
		if (isRead(ends, read)) {
			readUpTo(now);
			note(ends, now);
		}
		else if (this.noted == null) {
			note(ends, now);
		}
		else if (isRead(this.noted, read)) {
			readUpTo(this.notedAt);
			note(ends, now);
		}
		this.stands = now - this.movedAt > LONGEST_STAND.toNanos();
		this.lag = this.known ? Duration.ofNanos(now - this.readUpTo) : UNKNOWN;
		this.patience = patience(now);
	}

	/**
	 * An upper bound of how far the reading was behind at the last look.
	 * @return how far it is behind, or {@link #UNKNOWN}
	 */
	public Duration lag() {
		return this.lag;
	}

	/**
	 * For how long an event is to be taken for unread where the lag is longer.
	 * @return zero if nothing is being read
	 */
	public Duration patience() {
		return this.patience;
	}

	// Who has only begun to look knows nothing of what others have seen.
	private Duration patience(long now) {
		if (this.firstLookAt == null) {
			this.firstLookAt = now;
		}
		if (this.stands) {
			return Duration.ZERO;
		}
		return (this.known || now - this.firstLookAt > LONGEST_DOUBT.toNanos()) ? LONGEST_DOUBT : UNKNOWN;
	}

	// Somebody else begins to read.
	void moved(long now) {
		this.movedAt = now;
	}

	// Then what has not been read could no longer be told from what is lost in time.
	boolean isTooSlow() {
		return this.stands || this.lag.compareTo(LONGEST_DOUBT) > 0;
	}

	/**
	 * Whether there is something to read and nothing has been read for a while.
	 * @return whether the reading stands still
	 */
	public boolean stands() {
		return this.stands;
	}

	private void readUpTo(long time) {
		this.known = true;
		this.readUpTo = time;
	}

	// For how long there has been more to read than what was noted before is not known.
	private void note(Map<P, Long> ends, long now) {
		this.noted = ends;
		this.notedAt = now;
		this.movedAt = now;
	}

	private static <P> boolean isRead(Map<P, Long> ends, Map<P, Long> read) {
		return ends.entrySet().stream().allMatch((entry) -> read.getOrDefault(entry.getKey(), 0L) >= entry.getValue());
	}

}
