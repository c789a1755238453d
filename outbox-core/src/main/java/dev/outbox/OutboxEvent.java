package dev.outbox;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * An event that has been accepted by the outbox. Each one is also published as a Spring
 * application event, so that the application can observe what it publishes; nothing of
 * the outbox depends on those listeners.
 *
 * @since 0.1
 */
public sealed interface OutboxEvent {

	/**
	 * The envelope.
	 * @return the event
	 */
	Event<?> event();

	/**
	 * The type.
	 * @return the type under which the event was published
	 */
	EventType type();

	/**
	 * The key that decides the event's partition and its place in the order.
	 * @return the partition key
	 */
	String partitionKey();

	/**
	 * The headers of the event's own.
	 * @return the headers, empty if there are none
	 */
	Map<String, String> headers();

	/**
	 * An event that belongs to the caller's transaction.
	 *
	 * @param event the envelope
	 * @param type the type
	 * @param partitionKey the partition key
	 * @param headers the event's own headers
	 * @since 0.1
	 */
	record Auto(Event<? extends @Nullable Object> event, EventType type, String partitionKey,
			Map<String, String> headers) implements OutboxEvent {

	}

	/**
	 * An event that was published on its own, in a transaction of its own.
	 *
	 * @param event the envelope
	 * @param type the type
	 * @param partitionKey the partition key
	 * @param headers the event's own headers
	 * @since 0.1
	 */
	record Manual(Event<? extends @Nullable Object> event, EventType type, String partitionKey,
			Map<String, String> headers) implements OutboxEvent {

	}

}
