package dev.outbox.kafka;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import dev.outbox.store.OutboxRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * The headers of the outbox's records.
 *
 * @since 0.1
 */
public final class RecordHeaders {

	/**
	 * Identifies the event.
	 */
	public static final String EVENT_ID = "event-id";

	/**
	 * The name of the event's type.
	 */
	public static final String EVENT_TYPE = "event-type";

	/**
	 * The name of the outbox that sent the event.
	 */
	public static final String SOURCE = "outbox-source";

	/**
	 * The names that an application may not use for headers of its own.
	 */
	public static final Set<String> RESERVED = Set.of(EVENT_ID, EVENT_TYPE, SOURCE);

	private final byte[] source;

	/**
	 * Create the headers of an outbox.
	 * @param source the name of the outbox
	 */
	public RecordHeaders(String source) {
		this.source = bytes(source);
	}

	void write(OutboxRecord event, Headers headers) {
		headers.add(EVENT_ID, bytes(event.eventId().toString()));
		headers.add(EVENT_TYPE, bytes(event.eventType()));
		headers.add(SOURCE, this.source);
		for (Map.Entry<String, String> header : event.headers().entrySet()) {
			headers.add(header.getKey(), bytes(header.getValue()));
		}
	}

	/**
	 * Whether a record bears the name of this outbox.
	 * @param headers the headers of a record
	 * @return whether it does
	 */
	boolean isOwn(Headers headers) {
		Header source = headers.lastHeader(SOURCE);
		return source != null && Arrays.equals(source.value(), this.source);
	}

	/**
	 * Read the id of an event.
	 * @param headers the headers of a record
	 * @return the id, or {@code null} if there is none
	 */
	@Nullable UUID eventId(Headers headers) {
		Header eventId = headers.lastHeader(EVENT_ID);
		if (eventId == null || eventId.value() == null) {
			return null;
		}
		try {
			return UUID.fromString(new String(eventId.value(), StandardCharsets.UTF_8));
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

}
