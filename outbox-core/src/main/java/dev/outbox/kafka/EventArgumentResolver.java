package dev.outbox.kafka;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

import dev.outbox.Event;
import dev.outbox.OutboxException;
import dev.outbox.json.JsonEnvelope;
import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;

/**
 * Lets listener methods take {@code Event<OrderCreated>}, or a list of them in a batch
 * listener, whether the consumer reads text or bytes. Other parameters are not touched.
 *
 * @since 0.1
 */
public final class EventArgumentResolver implements HandlerMethodArgumentResolver {

	private final JsonEnvelope envelope;

	/**
	 * Create a resolver.
	 * @param envelope reads the envelope
	 */
	public EventArgumentResolver(JsonEnvelope envelope) {
		this.envelope = envelope;
	}

	@Override
	public boolean supportsParameter(MethodParameter parameter) {
		return parameter.getParameterType() == Event.class || isListOfEvents(parameter);
	}

	@Override
	public Object resolveArgument(MethodParameter parameter, Message<?> message) {
		if (!isListOfEvents(parameter)) {
			return event(message.getPayload(), parameter.getGenericParameterType());
		}
		Type type = ((ParameterizedType) parameter.getGenericParameterType()).getActualTypeArguments()[0];
		List<Object> events = new ArrayList<>();
		for (Object value : (Collection<?>) message.getPayload()) {
			events.add(event(value, type));
		}
		return events;
	}

	private Event<?> event(@Nullable Object value, Type type) {
		if (value instanceof Event<?> event) {
			return event;
		}
		Type payload = (type instanceof ParameterizedType parameterized) ? parameterized.getActualTypeArguments()[0]
				: Object.class;
		if (value instanceof String json) {
			return this.envelope.read(json, payload);
		}
		if (value instanceof byte[] bytes) {
			return this.envelope.read(new String(bytes, StandardCharsets.UTF_8), payload);
		}
		throw new OutboxException("A listener that takes an Event needs a consumer that reads values as String or "
				+ "byte[], but got %s. Set spring.kafka.consumer.value-deserializer to a StringDeserializer"
					.formatted((value != null) ? value.getClass().getName() : null));
	}

	private static boolean isListOfEvents(MethodParameter parameter) {
		return parameter.getParameterType() == List.class
				&& ResolvableType.forMethodParameter(parameter).getGeneric(0).resolve() == Event.class;
	}

}
