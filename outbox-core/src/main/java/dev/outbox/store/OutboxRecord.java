package dev.outbox.store;

import java.util.Map;
import java.util.UUID;

/**
 * An event as it is stored and sent.
 *
 * @param eventId identifies the event
 * @param eventType the name of its type
 * @param topic the topic it goes to
 * @param partitionKey the key that decides its partition
 * @param payload the envelope as JSON; the value of the Kafka record
 * @param headers the event's own headers, in the order in which they are sent
 * @since 0.1
 */
public record OutboxRecord(UUID eventId, String eventType, String topic, String partitionKey, String payload,
		Map<String, String> headers) {

	/**
	 * The topic and key within which order is kept.
	 * @return the ordering key
	 */
	public OrderingKey orderingKey() {
		return new OrderingKey(this.topic, this.partitionKey);
	}

	/**
	 * How much memory the event takes, roughly, in bytes.
	 * @return the size
	 */
	public int size() {
		int size = 200 + this.payload.length() + this.partitionKey.length();
		for (Map.Entry<String, String> header : this.headers.entrySet()) {
			size += 50 + header.getKey().length() + header.getValue().length();
		}
		return size;
	}

}
