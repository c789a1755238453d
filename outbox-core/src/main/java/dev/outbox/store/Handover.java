package dev.outbox.store;

import java.util.List;

/**
 * Takes over the events of transactions.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface Handover {

	/**
	 * Prepare for the events of a transaction, which are stored and about to be
	 * committed. Must not wait.
	 * @param events the events in the order of their ids
	 */
	default void expect(List<PlacedEvent> events) {
	}

	/**
	 * Take over the events of a transaction. Must not wait for Kafka or the database, but
	 * may slow down who commits faster than events can be sent. What is not taken is left
	 * to the relay.
	 * @param events the events in the order of their ids
	 */
	void offer(List<PlacedEvent> events);

}
