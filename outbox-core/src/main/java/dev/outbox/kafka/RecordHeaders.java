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
	 * Read the id of an event that this outbox has sent.
	 * @param headers the headers of a record
	 * @return the id, or {@code null} if the record is not one of this outbox
	 */
	@Nullable UUID readOwn(Headers headers) {
		Header source = headers.lastHeader(SOURCE);
		Header eventId = headers.lastHeader(EVENT_ID);
		if (source == null || eventId == null || !Arrays.equals(source.value(), this.source)
				|| eventId.value() == null) {
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
