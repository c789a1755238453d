package dev.outbox;

import java.util.Objects;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * The envelope in which an event travels. In JSON: {@code {"eventId": "...", "eventType":
 * "ORDER_CREATED", "payload": {...}}}. A Kafka listener may take it typed, as
 * {@code Event<OrderCreated>}.
 *
 * @param <T> the type of the payload
 * @param eventId identifies the event; every copy of the event has the same
 * @param eventType the {@link EventType#name() name} of the event's type
 * @param payload what happened, or {@code null} where the type says it all
 * @since 0.1
 */
public record Event<T extends @Nullable Object>(UUID eventId, String eventType, T payload) {

	public Event {
		Objects.requireNonNull(eventId, "eventId");
		Objects.requireNonNull(eventType, "eventType");
	}

}
