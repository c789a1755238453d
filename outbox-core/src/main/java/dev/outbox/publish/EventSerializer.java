package dev.outbox.publish;

import java.util.UUID;

import dev.outbox.EventType;
import dev.outbox.OutboxException;
import org.jspecify.annotations.Nullable;

/**
 * Writes the envelope.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface EventSerializer {

	/**
	 * Write the envelope of an event.
	 * @param eventId identifies the event
	 * @param type the type
	 * @param payload what happened, or {@code null}
	 * @return the envelope as text
	 * @throws OutboxException if the payload cannot be serialised
	 */
	String serialize(UUID eventId, EventType type, @Nullable Object payload);

}
