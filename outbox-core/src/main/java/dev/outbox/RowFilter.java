package dev.outbox;

import java.time.Duration;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * Narrows a list of events. What is {@code null} is not asked for:
 *
 * <pre class="code">
 * RowFilter.ANY.withTopic("order.created").withMinAge(Duration.ofMinutes(1))
 * </pre>
 *
 * @param eventType the name of the type
 * @param topic the topic
 * @param partitionKey the key
 * @param eventId the event
 * @param minAge for how long an event must have been pending, parked or blocked, by the
 * database's clock
 * @since 0.1
 */
public record RowFilter(@Nullable String eventType, @Nullable String topic, @Nullable String partitionKey,
		@Nullable UUID eventId, @Nullable Duration minAge) {

	/**
	 * Any event.
	 */
	public static final RowFilter ANY = new RowFilter(null, null, null, null, null);

	/**
	 * This filter, for events of one type.
	 * @param eventType the name of the type
	 * @return the filter
	 */
	public RowFilter withEventType(String eventType) {
		return new RowFilter(eventType, this.topic, this.partitionKey, this.eventId, this.minAge);
	}

	/**
	 * This filter, for events that go to one topic.
	 * @param topic the topic
	 * @return the filter
	 */
	public RowFilter withTopic(String topic) {
		return new RowFilter(this.eventType, topic, this.partitionKey, this.eventId, this.minAge);
	}

	/**
	 * This filter, for events of one key.
	 * @param partitionKey the key
	 * @return the filter
	 */
	public RowFilter withPartitionKey(String partitionKey) {
		return new RowFilter(this.eventType, this.topic, partitionKey, this.eventId, this.minAge);
	}

	/**
	 * This filter, for one event.
	 * @param eventId the event
	 * @return the filter
	 */
	public RowFilter withEventId(UUID eventId) {
		return new RowFilter(this.eventType, this.topic, this.partitionKey, eventId, this.minAge);
	}

	/**
	 * This filter, for events of some age.
	 * @param minAge for how long they must have been pending, parked or blocked
	 * @return the filter
	 */
	public RowFilter withMinAge(Duration minAge) {
		return new RowFilter(this.eventType, this.topic, this.partitionKey, this.eventId, minAge);
	}

}
