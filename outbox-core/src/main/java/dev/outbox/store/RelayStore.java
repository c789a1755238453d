package dev.outbox.store;

import java.util.List;

/**
 * What the relay needs to know and to keep.
 *
 * @since 0.1
 */
public interface RelayStore {

	/**
	 * Look whether there is anything to do. One trivial query.
	 * @return what there is
	 */
	RelayLook look();

	/**
	 * Tell how large the next pending events are, without reading them.
	 * @param after only events with a higher id are wanted
	 * @param limit how many, at most
	 * @return their sizes in the order of their ids
	 */
	List<PendingSize> sizes(long after, int limit);

	/**
	 * Read pending events in the order of their ids. Those that cannot be read are
	 * parked.
	 * @param after only events with a higher id are wanted
	 * @param upTo only events with this id or a lower one are wanted
	 * @param limit how many, at most
	 * @return the events in ascending order; if fewer than the limit, there are no others
	 */
	List<StoredEvent> page(long after, long upTo, int limit);

	/**
	 * Remember the outcome of resending.
	 * @param attempts the outcomes, of each event once
	 */
	void recordAttempts(List<Attempt> attempts);

	/**
	 * Forget the attempts of events that are no longer pending.
	 */
	void forgetAttempts();

}
