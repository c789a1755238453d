package dev.outbox;

/**
 * Tells how the outbox is doing.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface OutboxMonitor {

	/**
	 * Read the state of the outbox from its tables.
	 * @return the state now
	 */
	OutboxStatus status();

}
