package dev.outbox.kafka;

import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import dev.outbox.Event;
import dev.outbox.EventType;
import dev.outbox.OutboxException;
import dev.outbox.json.JsonEnvelope;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.core.MethodParameter;
import org.springframework.kafka.support.KafkaNull;
import org.springframework.messaging.support.GenericMessage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Events as arguments of listener methods.
 */
class EventArgumentResolverTests {

	private static final Event<Order> EVENT = new Event<>(UUID.fromString("01980000-0000-7000-8000-000000000001"),
			"ORDER_CREATED", new Order(42));

	private final JsonEnvelope envelope = new JsonEnvelope(new JsonMapper());

	private final EventArgumentResolver resolver = new EventArgumentResolver(this.envelope);

	private final String json = this.envelope.serialize(EVENT.eventId(), new OrderCreated(), EVENT.payload());

	@ParameterizedTest
	@ValueSource(strings = { "typed", "raw", "wildcard", "listOfTyped", "listOfRaw" })
	void eventsAndListsOfThemAreResolved(String method) {
		assertThat(this.resolver.supportsParameter(parameter(method))).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "text", "listOfText", "rawList", "order", "map" })
	void otherParametersAreNotTouched(String method) {
		assertThat(this.resolver.supportsParameter(parameter(method))).isFalse();
	}

	@Test
	void textIsReadAsTheTypeOfThePayload() {
		assertThat(resolve("typed", this.json)).isEqualTo(EVENT);
	}

	@Test
	void bytesAreReadAsTheTypeOfThePayload() {
		assertThat(resolve("typed", this.json.getBytes(StandardCharsets.UTF_8))).isEqualTo(EVENT);
	}

	@ParameterizedTest
	@ValueSource(strings = { "raw", "wildcard" })
	void withoutATypeThePayloadIsReadAsAMap(String method) {
		assertThat(resolve(method, this.json))
			.isEqualTo(new Event<>(EVENT.eventId(), EVENT.eventType(), Map.of("number", 42)));
	}

	@Test
	void eventThatADeserializerHasReadIsPassedOn() {
		assertThat(resolve("typed", EVENT)).isSameAs(EVENT);
	}

	@Test
	void batchIsReadInItsOrder() {
		Event<Order> other = new Event<>(UUID.randomUUID(), "ORDER_CREATED", new Order(43));
		byte[] bytes = this.envelope.serialize(other.eventId(), new OrderCreated(), other.payload())
			.getBytes(StandardCharsets.UTF_8);
		assertThat(resolve("listOfTyped", List.of(this.json, bytes, EVENT))).isEqualTo(List.of(EVENT, other, EVENT));
	}

	@Test
	void batchOfRawEventsIsReadAsMaps() {
		assertThat(resolve("listOfRaw", List.of(this.json)))
			.isEqualTo(List.of(new Event<>(EVENT.eventId(), EVENT.eventType(), Map.of("number", 42))));
	}

	@Test
	void emptyBatchIsAnEmptyList() {
		assertThat(resolve("listOfTyped", List.of())).isEqualTo(List.of());
	}

	@Test
	void valueOfAnotherDeserializerIsRefusedWithThePropertyToSet() {
		for (Object value : List.of(42, new Order(42), Map.of(), KafkaNull.INSTANCE)) {
			assertThatExceptionOfType(OutboxException.class).isThrownBy(() -> resolve("typed", value))
				.withMessageContainingAll(value.getClass().getName(), "spring.kafka.consumer.value-deserializer");
		}
	}

	@Test
	void tombstoneInABatchIsRefused() {
		assertThatExceptionOfType(OutboxException.class)
			.isThrownBy(() -> resolve("listOfTyped", Arrays.asList(this.json, null)))
			.withMessageContaining("but got null");
	}

	@Test
	void textThatIsNotAnEnvelopeIsRefused() {
		assertThatExceptionOfType(OutboxException.class).isThrownBy(() -> resolve("typed", "{\"number\":42}"))
			.withMessageContainingAll("not the envelope of an event", Order.class.getName());
	}

	private Object resolve(String method, Object value) {
		return this.resolver.resolveArgument(parameter(method), new GenericMessage<>(value));
	}

	private static MethodParameter parameter(String name) {
		for (Method method : Listeners.class.getDeclaredMethods()) {
			if (method.getName().equals(name)) {
				return new MethodParameter(method, 0);
			}
		}
		throw new IllegalArgumentException(name);
	}

	@SuppressWarnings("rawtypes")
	interface Listeners {

		void typed(Event<Order> event);

		void raw(Event event);

		void wildcard(Event<?> event);

		void listOfTyped(List<Event<Order>> events);

		void listOfRaw(List<Event> events);

		void text(String event);

		void listOfText(List<String> events);

		void rawList(List events);

		void order(@Nullable Order order);

		void map(Map<String, Event<Order>> events);

	}

	record Order(long number) {

	}

	record OrderCreated() implements EventType {

		@Override
		public String name() {
			return "ORDER_CREATED";
		}

		@Override
		public String topic() {
			return "orders";
		}

	}

}
