package dev.outbox;

/**
 * Tells how the outbox is doing.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface OutboxMonitor {

	/**
	 * Read the state of the outbox from its tables. Within a transaction its connection
	 * is used, which in a read-only one may be that of a replica, whose figures may be
	 * old.
	 * @return the state now
	 */
	OutboxStatus status();

}
