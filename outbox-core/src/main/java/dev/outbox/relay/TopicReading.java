package dev.outbox.relay;

import java.time.Duration;
import java.util.Map;

/**
 * How far the reading back of one topic is: by the consumer group, and, where that does
 * not get on, by whoever relays in its place. What has been read by either is confirmed.
 *
 * @param <P> what tells partitions apart
 * @since 0.1
 */
public final class TopicReading<P> {

	private final ReadProgress<P> ofGroup = new ReadProgress<>();

	private final ReadProgress<P> ofBoth = new ReadProgress<>();

	/**
	 * Look at what there is and what the group has read.
	 * @param ends the ends of the partitions
	 * @param committed up to where the group has read partitions
	 * @param now the time at which the ends were asked for, of a monotonic clock in
	 * nanoseconds
	 * @return whether somebody should read in its place
	 */
	public boolean lookAtGroup(Map<P, Long> ends, Map<P, Long> committed, long now) {
		boolean stood = this.ofGroup.stands();
		this.ofGroup.look(ends, committed, now);
		if (this.ofGroup.stands() && !stood) {
			this.ofBoth.moved(now);
		}
		return this.ofGroup.isTooSlow();
	}

	/**
	 * Look at what there is and what has been read by anybody.
	 * @param ends the ends of the partitions
	 * @param read up to where partitions have been read
	 * @param now the time at which the ends were asked for, of a monotonic clock in
	 * nanoseconds
	 */
	public void look(Map<P, Long> ends, Map<P, Long> read, long now) {
		this.ofBoth.look(ends, read, now);
	}

	/**
	 * An upper bound of how far the reading was behind at the last look.
	 * @return how far it is behind, or {@link ReadProgress#UNKNOWN}
	 */
	public Duration lag() {
		return this.ofBoth.lag();
	}

	/**
	 * For how long an event is to be taken for unread where the lag is longer.
	 * @return zero if nobody reads
	 */
	public Duration patience() {
		return this.ofBoth.patience();
	}

	/**
	 * Whether there is something to read and the group has not read anything for a while.
	 * @return whether the group stands still
	 */
	public boolean groupStands() {
		return this.ofGroup.stands();
	}

	/**
	 * Whether nobody reads, neither the group nor who stands in for it.
	 * @return whether the reading stands still
	 */
	public boolean stands() {
		return this.ofBoth.stands();
	}

}
