package dev.outbox.json;

import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRootName;
import dev.outbox.Event;
import dev.outbox.EventType;
import dev.outbox.OutboxException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.core.ParameterizedTypeReference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The envelope, whatever the application's mapper is set to.
 */
class JsonEnvelopeTests {

	private static final UUID ID = UUID.fromString("01980000-0000-7000-8000-000000000001");

	private static final EventType TYPE = new Named("ORDER_CREATED");

	private static final Order ORDER = new Order(42, "Ada");

	private final JsonEnvelope envelope = new JsonEnvelope(new JsonMapper());

	static Stream<Arguments> mappers() {
		String plain = "{\"orderNumber\":42,\"customerName\":\"Ada\"}";
		return Stream.of(Arguments.argumentSet("plain", new JsonMapper(), plain),
				Arguments.argumentSet("snake case",
						JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build(),
						"{\"order_number\":42,\"customer_name\":\"Ada\"}"),
				Arguments.argumentSet("root wrapping",
						JsonMapper.builder()
							.enable(SerializationFeature.WRAP_ROOT_VALUE)
							.enable(DeserializationFeature.UNWRAP_ROOT_VALUE)
							.build(),
						plain),
				Arguments.argumentSet("indentation",
						JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build(), plain),
				Arguments.argumentSet("without nulls",
						JsonMapper.builder()
							.changeDefaultPropertyInclusion(
									(inclusion) -> inclusion.withValueInclusion(JsonInclude.Include.NON_NULL))
							.build(),
						plain));
	}

	private static Type type(ParameterizedTypeReference<?> reference) {
		return reference.getType();
	}

	@Nested
	class Writing {

		@ParameterizedTest
		@MethodSource("dev.outbox.json.JsonEnvelopeTests#mappers")
		void envelopeIsTheSameWhateverTheMapperIsSetTo(JsonMapper mapper, String payload) {
			assertThat(new JsonEnvelope(mapper).serialize(ID, TYPE, ORDER))
				.isEqualTo("{\"eventId\":\"" + ID + "\",\"eventType\":\"ORDER_CREATED\",\"payload\":" + payload + "}");
		}

		@ParameterizedTest
		@MethodSource("dev.outbox.json.JsonEnvelopeTests#mappers")
		void payloadThatIsNullIsWritten(JsonMapper mapper, String payload) {
			assertThat(new JsonEnvelope(mapper).serialize(ID, TYPE, null))
				.isEqualTo("{\"eventId\":\"" + ID + "\",\"eventType\":\"ORDER_CREATED\",\"payload\":null}");
		}

		@Test
		void nameOfTheTypeIsEscaped() {
			String json = JsonEnvelopeTests.this.envelope.serialize(ID, new Named("say \"hi\"\\"), "x");
			assertThat(json).contains("\"eventType\":\"say \\\"hi\\\"\\\\\"");
			assertThat(JsonEnvelopeTests.this.envelope.read(json, String.class).eventType()).isEqualTo("say \"hi\"\\");
		}

		@Test
		void payloadThatCannotBeSerialisedIsRefusedWithItsTypeAndClass() {
			assertRefused(new Unreadable(""), "ORDER_CREATED", Unreadable.class.getName(), "cannot be read");
		}

		@Test
		void payloadThatContainsItselfIsRefused() {
			assertRefused(Ring.closed(), "ORDER_CREATED", Ring.class.getName());
		}

		@Test
		void loneSurrogateInThePayloadIsEscapedSoThatItCanBeStored() {
			Order order = new Order(1, "a\uD800b");
			String json = JsonEnvelopeTests.this.envelope.serialize(ID, TYPE, order);
			assertThat(json).contains("\"a\\uD800b\"").isASCII();
			assertThat(JsonEnvelopeTests.this.envelope.read(json, Order.class).payload()).isEqualTo(order);
		}

		private void assertRefused(Object payload, String... parts) {
			assertThatExceptionOfType(OutboxException.class)
				.isThrownBy(() -> JsonEnvelopeTests.this.envelope.serialize(ID, TYPE, payload))
				.withMessageContaining("cannot be written as JSON")
				.withMessageContainingAll(parts);
		}

	}

	@Nested
	class Reading {

		@ParameterizedTest
		@MethodSource("dev.outbox.json.JsonEnvelopeTests#mappers")
		void whatWasWrittenIsReadBack(JsonMapper mapper, String payload) {
			JsonEnvelope mapped = new JsonEnvelope(mapper);
			assertThat(mapped.read(mapped.serialize(ID, TYPE, ORDER), Order.class))
				.isEqualTo(new Event<>(ID, "ORDER_CREATED", ORDER));
		}

		@Test
		void genericPayloadsAreReadBack() {
			Type type = type(new ParameterizedTypeReference<Map<String, List<Order>>>() {
			});
			Map<String, List<Order>> payload = Map.of("orders", List.of(ORDER));
			assertThat(readBack(payload, type)).isEqualTo(payload);
		}

		@ParameterizedTest
		@ValueSource(strings = { "12345678901234567890.12", "0.1000000000000000055511151231257827", "1.10", "1E+400" })
		void decimalsKeepAllTheirDigits(String amount) {
			assertThat(readBack(new Price(new BigDecimal(amount)), Price.class))
				.isEqualTo(new Price(new BigDecimal(amount)));
		}

		@Test
		void numbersOfAnUntypedPayloadAreWhatTheMapperMakesOfThem() {
			Map<String, Double> payload = Map.of("amount", 1.5);
			assertThat(readBack(payload, Object.class)).isEqualTo(payload);
			JsonEnvelope exact = new JsonEnvelope(
					JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build());
			assertThat(exact.read(exact.serialize(ID, TYPE, payload), Object.class).payload())
				.isEqualTo(Map.of("amount", new BigDecimal("1.5")));
		}

		@Test
		void timesAreReadBack() {
			Instant time = Instant.parse("2026-11-21T10:15:30.123456789Z");
			assertThat(readBack(time, Instant.class)).isEqualTo(time);
		}

		@Test
		void payloadThatIsMissingOrNullIsRead() {
			String start = "{\"eventId\":\"" + ID + "\",\"eventType\":\"ORDER_CREATED\"";
			for (String json : List.of(start + "}", start + ",\"payload\":null}")) {
				Event<?> event = JsonEnvelopeTests.this.envelope.read(json, Order.class);
				assertThat(event.eventId()).isEqualTo(ID);
				assertThat(event.eventType()).isEqualTo("ORDER_CREATED");
				assertThat(event.payload()).isNull();
			}
		}

		@Test
		void fieldsOfALaterVersionArePassedOver() {
			String json = "{\"version\":2,\"eventType\":\"ORDER_CREATED\",\"payload\":\"x\",\"eventId\":\"" + ID
					+ "\"}";
			assertThat(JsonEnvelopeTests.this.envelope.read(json, String.class).payload()).isEqualTo("x");
		}

		@ParameterizedTest
		@ValueSource(strings = { "", " ", "null", "42", "[]", "\"text\"", "{", "{}", "not json", "\uFEFF{}",
				"{\"eventId\":\"01980000-0000-7000-8000-000000000001\"}",
				"{\"eventId\":\"01980000-0000-7000-8000-000000000001\",\"eventType\":null,\"payload\":{}}",
				"{\"eventId\":null,\"eventType\":\"A\",\"payload\":{}}",
				"{\"eventId\":\"1\",\"eventType\":\"A\",\"payload\":{}}",
				"{\"eventId\":\"not a uuid\",\"eventType\":\"A\",\"payload\":{}}",
				"{\"eventId\":{},\"eventType\":\"A\",\"payload\":{}}",
				"{\"eventId\":\"01980000-0000-7000-8000-000000000001\",\"eventType\":[],\"payload\":{}}",
				"{\"eventId\":\"01980000-0000-7000-8000-000000000001\",\"eventType\":\"A\",\"payload\":[1]}",
				"{\"eventId\":\"01980000-0000-7000-8000-000000000001\",\"eventType\":\"A\",\"payload\":\"x\"} trailing" })
		void whatIsNotAnEnvelopeIsRefused(String json) {
			assertThatExceptionOfType(OutboxException.class)
				.isThrownBy(() -> JsonEnvelopeTests.this.envelope.read(json, Order.class))
				.withMessageContainingAll("not the envelope of an event", Order.class.getName());
		}

		private @Nullable Object readBack(Object payload, Type type) {
			return JsonEnvelopeTests.this.envelope
				.read(JsonEnvelopeTests.this.envelope.serialize(ID, TYPE, payload), type)
				.payload();
		}

	}

	@JsonRootName("the-order")
	record Order(long orderNumber, String customerName) {

	}

	record Price(BigDecimal amount) {

	}

	record Named(String name) implements EventType {

		@Override
		public String topic() {
			return "orders";
		}

	}

	record Unreadable(String text) {

		@Override
		public String text() {
			throw new IllegalStateException("cannot be read");
		}

	}

	record Ring(List<Object> members) {

		static Ring closed() {
			Ring ring = new Ring(new ArrayList<>());
			ring.members().add(ring);
			return ring;
		}

	}

}
