package dev.outbox;

import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * Publishes events through the outbox. What it accepts is stored by the database
 * transaction, sent to Kafka after the commit and delivered at least once, for each topic
 * and partition key in order.
 * <p>
 * Order per key has one precondition: transactions that publish for the same key exclude
 * each other, because they lock or version the same aggregate before they commit.
 * <p>
 * Every method throws an {@link OutboxException} if the type is unknown, the key blank or
 * too long, a header reserved, or the payload cannot be serialised or is too large for
 * the producer. All methods can be called from any thread.
 *
 * @since 0.1
 */
public interface OutboxEventPublisher {

	/**
	 * Publish an event as part of the current transaction: it is stored if and only if
	 * the transaction commits, and sent right after.
	 * @param type the type of the event
	 * @param partitionKey the key, 1 to 255 characters, not blank
	 * @param payload what happened; serialised now
	 * @return the id of the event
	 * @throws OutboxException also if there is no transaction that can still commit, if
	 * it is read-only, or if it is not one of the outbox's data source
	 */
	default UUID publishEvent(EventType type, String partitionKey, @Nullable Object payload) {
		return publishEvent(type, partitionKey, payload, Map.of());
	}

	/**
	 * Publish an event with headers as part of the current transaction.
	 * @param type the type of the event
	 * @param partitionKey the key, 1 to 255 characters, not blank
	 * @param payload what happened; serialised now
	 * @param headers headers of the event's own
	 * @return the id of the event
	 * @throws OutboxException as {@link #publishEvent(EventType, String, Object)}
	 */
	UUID publishEvent(EventType type, String partitionKey, @Nullable Object payload, Map<String, String> headers);

	/**
	 * Publish an event as part of the current transaction.
	 * @param type the type of the event
	 * @param partitionKey the key
	 * @param payload what happened; serialised now
	 * @return the id of the event
	 * @throws OutboxException as {@link #publishEvent(EventType, String, Object)}
	 */
	default UUID publishEvent(EventType type, long partitionKey, @Nullable Object payload) {
		return publishEvent(type, Long.toString(partitionKey), payload, Map.of());
	}

	/**
	 * Publish an event with headers as part of the current transaction.
	 * @param type the type of the event
	 * @param partitionKey the key
	 * @param payload what happened; serialised now
	 * @param headers headers of the event's own
	 * @return the id of the event
	 * @throws OutboxException as {@link #publishEvent(EventType, String, Object)}
	 */
	default UUID publishEvent(EventType type, long partitionKey, @Nullable Object payload,
			Map<String, String> headers) {
		return publishEvent(type, Long.toString(partitionKey), payload, headers);
	}

	/**
	 * Publish an event on its own: it is stored when this method returns, whatever
	 * becomes of a surrounding transaction. Uses a connection of its own.
	 * @param type the type of the event
	 * @param partitionKey the key, 1 to 255 characters, not blank
	 * @param payload what happened; serialised now
	 * @return the id of the event
	 */
	default UUID publishManualEvent(EventType type, String partitionKey, @Nullable Object payload) {
		return publishManualEvent(type, partitionKey, payload, Map.of());
	}

	/**
	 * Publish an event with headers on its own.
	 * @param type the type of the event
	 * @param partitionKey the key, 1 to 255 characters, not blank
	 * @param payload what happened; serialised now
	 * @param headers headers of the event's own
	 * @return the id of the event
	 */
	UUID publishManualEvent(EventType type, String partitionKey, @Nullable Object payload, Map<String, String> headers);

	/**
	 * Publish an event on its own.
	 * @param type the type of the event
	 * @param partitionKey the key
	 * @param payload what happened; serialised now
	 * @return the id of the event
	 */
	default UUID publishManualEvent(EventType type, long partitionKey, @Nullable Object payload) {
		return publishManualEvent(type, Long.toString(partitionKey), payload, Map.of());
	}

	/**
	 * Publish an event with headers on its own.
	 * @param type the type of the event
	 * @param partitionKey the key
	 * @param payload what happened; serialised now
	 * @param headers headers of the event's own
	 * @return the id of the event
	 */
	default UUID publishManualEvent(EventType type, long partitionKey, @Nullable Object payload,
			Map<String, String> headers) {
		return publishManualEvent(type, Long.toString(partitionKey), payload, headers);
	}

}
