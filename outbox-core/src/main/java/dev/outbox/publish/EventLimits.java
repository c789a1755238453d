package dev.outbox.publish;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;

import dev.outbox.EventType;
import dev.outbox.OutboxException;
import dev.outbox.store.OutboxRecord;
import org.jspecify.annotations.Nullable;

/**
 * Checks what a caller wants to publish, so that what is accepted can be stored and sent.
 *
 * @since 0.1
 */
public final class EventLimits {

	private static final int LONGEST_KEY = 255;

	/**
	 * What a record takes in a request besides its key, value and headers, generously.
	 */
	private static final int RECORD_OVERHEAD = 512;

	private static final int HEADER_OVERHEAD = 10;

	private final Set<String> reservedHeaders;

	private final int largestRequest;

	/**
	 * Create the checks.
	 * @param reservedHeaders the names of headers that the outbox sets itself
	 * @param largestRequest the size in bytes that the producer may send at most
	 */
	public EventLimits(Set<String> reservedHeaders, int largestRequest) {
		this.reservedHeaders = Set.copyOf(reservedHeaders);
		this.largestRequest = largestRequest;
	}

	void checkArguments(@Nullable EventType type, @Nullable String partitionKey,
			@Nullable Map<String, String> headers) {
		if (type == null) {
			throw new OutboxException("The event type is null");
		}
		if (partitionKey == null || partitionKey.isBlank()) {
			throw new OutboxException("The partition key of event %s is null or blank. Give the id of the aggregate "
				.formatted(type.name()) + "that the event is about: events of one key arrive in order");
		}
		if (partitionKey.codePointCount(0, partitionKey.length()) > LONGEST_KEY) {
			throw new OutboxException(
					"The partition key of event %s has more than %d characters".formatted(type.name(), LONGEST_KEY));
		}
		if (partitionKey.indexOf('\0') >= 0 || !encodable(partitionKey)) {
			throw new OutboxException(
					"The partition key of event %s has characters that cannot be stored".formatted(type.name()));
		}
		if (headers == null) {
			throw new OutboxException("The headers of event %s are null".formatted(type.name()));
		}
	}

	void checkHeaders(EventType type, Map<String, String> headers) {
		headers.forEach((name, value) -> checkHeader(type, name, value));
	}

	void checkSize(OutboxRecord event) {
		long size = RECORD_OVERHEAD + bytes(event.payload()) + bytes(event.partitionKey()) + bytes(event.eventType());
		for (Map.Entry<String, String> header : event.headers().entrySet()) {
			size += HEADER_OVERHEAD + bytes(header.getKey()) + bytes(header.getValue());
		}
		if (size > this.largestRequest) {
			throw new OutboxException("Event %s has %d bytes with its envelope, more than the %d that the producer may "
				.formatted(event.eventType(), size, this.largestRequest)
					+ "send. Publish a reference to the data instead, or raise "
					+ "outbox.producer.properties.max.request.size and the topic's max.message.bytes");
		}
	}

	private void checkHeader(EventType type, @Nullable String name, @Nullable String value) {
		if (name == null || name.isBlank() || value == null || !encodable(name) || !encodable(value)) {
			throw new OutboxException(
					"A header of event %s has no name or no value, or characters that cannot be stored"
						.formatted(type.name()));
		}
		if (this.reservedHeaders.contains(name)) {
			throw new OutboxException("Header '%s' of event %s is set by the outbox itself. Use another name"
				.formatted(name, type.name()));
		}
	}

	private static boolean encodable(String text) {
		return StandardCharsets.UTF_8.newEncoder().canEncode(text);
	}

	private static long bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8).length;
	}

}
