package dev.outbox;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * What an operator can see and do, for the whole application. Lists are read page by
 * page, without payloads: the next page begins after the last id of the one before.
 * Actions take the ids of rows, concern those rows alone, and may be repeated: an event
 * that has been put back or parked again has another id. They run in transactions of
 * their own, of at most some hundred events each, and are logged with the events' ids.
 * <p>
 * All methods can be called from any thread, on any instance.
 *
 * @since 0.1
 */
public interface OutboxOperations {

	/**
	 * The largest page.
	 */
	int MOST_ROWS = 1000;

	/**
	 * List events that are stored and not yet cleared, in the order of their ids.
	 * @param filter which ones
	 * @param after only those with a higher id; 0 for the first page
	 * @param limit how many, at most; 1 to {@value #MOST_ROWS}
	 * @return the events
	 * @throws OutboxException if the limit is out of bounds
	 */
	List<PendingRow> pending(RowFilter filter, long after, int limit);

	/**
	 * List events that were parked, in the order of their ids.
	 * @param filter which ones
	 * @param after only those with a higher id; 0 for the first page
	 * @param limit how many, at most; 1 to {@value #MOST_ROWS}
	 * @return the events
	 * @throws OutboxException if the limit is out of bounds
	 */
	List<ParkedRow> parked(RowFilter filter, long after, int limit);

	/**
	 * List events that keep their keys waiting, in the order of their ids. They are among
	 * the pending ones.
	 * @param filter which ones; their age is the time since they were blocked
	 * @param after only those with a higher id; 0 for the first page
	 * @param limit how many, at most; 1 to {@value #MOST_ROWS}
	 * @return the events
	 * @throws OutboxException if the limit is out of bounds
	 */
	List<BlockedRow> blocked(RowFilter filter, long after, int limit);

	/**
	 * Have events that were blocked sent by the relay, each before those of its key that
	 * wait behind it. What fails again is blocked again. To have the key go on without
	 * such an event, {@link #discard} it.
	 * @param ids the ids of blocked rows
	 * @return for how many it was done
	 */
	Outcome unblock(Collection<Long> ids);

	/**
	 * Put parked events back into the flow, as if they were published anew in the order
	 * of their ids: behind what is pending. They keep their event ids, and are sent by
	 * the relay, once they are stale.
	 * @param ids the ids of parked rows
	 * @return for how many it was done
	 */
	Outcome resend(Collection<Long> ids);

	/**
	 * Give up events that are parked or pending, blocked ones included. A pending one
	 * that an instance has in memory may arrive all the same if it is being sent, or was
	 * committed some seconds ago.
	 * @param ids the ids of rows, parked or pending
	 * @param reason why, for the log
	 * @return for how many it was done
	 * @throws OutboxException if there is no reason
	 */
	Outcome discard(Collection<Long> ids, String reason);

	/**
	 * Stop sending, and sending again, on all instances, until {@link #resume()}. They
	 * learn of it within a few seconds, and when they start. Publishing goes on, and the
	 * events wait.
	 * @param reason why, for the log
	 * @return 1 of 1, or 0 of 1 if sending was paused already
	 * @throws OutboxException if there is no reason
	 */
	Outcome pause(String reason);

	/**
	 * Go on after a {@link #pause(String)}.
	 * @return 1 of 1, or 0 of 1 if sending was not paused
	 */
	Outcome resume();

	/**
	 * Whether sending is paused.
	 * @return for how long, by the database's clock; empty if it is not paused
	 */
	Optional<Duration> paused();

}
