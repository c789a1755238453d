package dev.outbox.benchmarks.contestant;

import java.util.List;

/**
 * A way of publishing events, in which the contestants differ.
 */
interface Publishing {

	/**
	 * Publish events within the present transaction.
	 * @param changes the payloads
	 */
	void publish(List<Change> changes);

}
