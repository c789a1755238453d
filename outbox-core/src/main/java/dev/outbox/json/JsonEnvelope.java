package dev.outbox.json;

import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

import dev.outbox.Event;
import dev.outbox.EventType;
import dev.outbox.OutboxException;
import dev.outbox.publish.EventSerializer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes and reads the envelope. The payload follows the application's mapper; the
 * envelope around it is always the same, whatever the mapper is set to.
 *
 * @since 0.1
 */
public final class JsonEnvelope implements EventSerializer {

	private static final JsonMapper PLAIN = JsonMapper.builder()
		.enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
		.build();

	private final JsonMapper mapper;

	private final ObjectWriter writer;

	// The names of types as JSON. They are few, and declared.
	private final Map<String, String> names = new ConcurrentHashMap<>();

	/**
	 * Create an envelope.
	 * @param mapper the application's mapper
	 */
	public JsonEnvelope(JsonMapper mapper) {
		this.mapper = mapper;
		this.writer = mapper.writer()
			.without(SerializationFeature.WRAP_ROOT_VALUE)
			.without(SerializationFeature.INDENT_OUTPUT);
	}

	@Override
	public String serialize(UUID eventId, EventType type, @Nullable Object payload) {
		try {
			// Through bytes: only there a lone surrogate, which UTF-8 does not know, is
			// escaped.
			String json = new String(this.writer.writeValueAsBytes(payload), StandardCharsets.UTF_8);
			return "{\"eventId\":\"" + eventId + "\",\"eventType\":"
					+ this.names.computeIfAbsent(type.name(), PLAIN::writeValueAsString) + ",\"payload\":" + json + "}";
		}
		catch (JacksonException ex) {
			throw new OutboxException("The payload of event %s (%s) cannot be written as JSON: %s".formatted(
					type.name(), (payload != null) ? payload.getClass().getName() : null, ex.getOriginalMessage()), ex);
		}
	}

	/**
	 * Read an envelope.
	 * @param json the envelope
	 * @param payloadType the type of the payload
	 * @return the event
	 * @throws OutboxException if it is not an envelope or its payload not of this type
	 */
	@SuppressWarnings("NullAway") // the type argument says that the payload may be null
	public Event<@Nullable Object> read(String json, Type payloadType) {
		try {
			JsonNode envelope = PLAIN.readTree(json);
			UUID eventId = UUID.fromString(envelope.required("eventId").asString());
			String eventType = envelope.required("eventType").asString();
			JavaType type = this.mapper.constructType(payloadType);
			JsonNode payload = envelope.path("payload");
			if (payload.isMissingNode() || payload.isNull()) {
				return new Event<@Nullable Object>(eventId, eventType, null);
			}
			// As text again: what becomes of its numbers is for the application's mapper
			// to say.
			return new Event<>(eventId, eventType, reader(type).readValue(payload.toString()));
		}
		catch (JacksonException | IllegalArgumentException ex) {
			throw new OutboxException("This is not the envelope of an event with a payload of type %s: %s"
				.formatted(payloadType.getTypeName(), ex.getMessage()), ex);
		}
	}

	private ObjectReader reader(JavaType type) {
		return this.mapper.readerFor(type).without(DeserializationFeature.UNWRAP_ROOT_VALUE);
	}

}
