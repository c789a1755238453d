package dev.outbox.store;

import java.util.Collection;
import java.util.List;
import java.util.UUID;

/**
 * Keeps events from their transaction's commit until they are confirmed. Rows are only
 * inserted and deleted, never updated, but for those of dead letters.
 *
 * @since 0.1
 */
public interface OutboxStore {

	/**
	 * Store events through the connection of the current transaction.
	 * @param events the events in the order in which they were published
	 * @return the events in the order of their ids, as far as the database tells them
	 */
	List<PlacedEvent> insert(List<OutboxRecord> events);

	/**
	 * Find the first pending events of some keys. Not to be called in a transaction of
	 * the application, whose settings it may change.
	 * @param queries one query for each key
	 * @return the committed and not yet cleared events, in no particular order
	 */
	List<PendingEvent> pending(List<PendingQuery> queries);

	/**
	 * Find out which of some events are still pending.
	 * @param eventIds the events
	 * @return those of them that are, in no particular order
	 */
	List<PendingEvent> pending(Collection<UUID> eventIds);

	/**
	 * Clear confirmed events. Events that are not there are passed over.
	 * @param eventIds the events
	 * @return how many were there
	 */
	int clear(Collection<UUID> eventIds);

	/**
	 * Take an event out of the flow until an operator decides about it.
	 * @param eventId the event
	 * @param reason why
	 * @param error the class of the error that led to it
	 */
	void park(UUID eventId, String reason, String error);

	/**
	 * Have an event, and with it those behind it, wait until an operator decides about
	 * it.
	 * @param eventId the event
	 * @param reason why
	 * @param error the class of the error that led to it
	 */
	void block(UUID eventId, String reason, String error);

	/**
	 * Send an event to another topic and with other headers from now on. Does nothing if
	 * the event is gone or goes there already.
	 * @param event the event as it is to be sent
	 */
	void redirect(OutboxRecord event);

}
