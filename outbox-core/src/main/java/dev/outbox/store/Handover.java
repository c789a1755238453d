package dev.outbox.store;

import java.util.List;

/**
 * Takes over the events of committed transactions.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface Handover {

	/**
	 * Take over the events of a transaction. Must not wait for Kafka or the database, but
	 * may slow down who commits faster than events can be sent. What is not taken is left
	 * to the relay.
	 * @param events the events in the order of their ids
	 */
	void offer(List<PlacedEvent> events);

	/**
	 * Up to which id the events of a key have been sent or are gone, as far as is known.
	 * Must not wait.
	 * @param key the key
	 * @return the id; 0 if nothing is known
	 */
	default long sentTo(OrderingKey key) {
		return 0;
	}

}
