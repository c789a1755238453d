package dev.outbox.autoconfigure.publish;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.outbox.EventType;
import dev.outbox.OutboxException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What cannot be stored or sent is refused at the call, by both ways to publish.
 */
class ArgumentTests extends AbstractPublishingTests {

	private static final String FOUR_BYTES = "\uD83D\uDE00";

	// And the transaction can go on.
	private void assertRefused(ThrowingCallable call, String... parts) {
		inTransaction(() -> assertManualRefused(call, parts));
		assertNothingIsPublished();
	}

	private void assertManualRefused(ThrowingCallable call, String... parts) {
		assertThatExceptionOfType(OutboxException.class).isThrownBy(call).withMessageContainingAll(parts);
		assertNothingIsPublished();
	}

	@Nested
	class Keys {

		@ParameterizedTest
		@NullSource
		@ValueSource(strings = { "", " ", "\t\n", "\u2003" })
		@SuppressWarnings("NullAway") // as a caller might that is not null-marked
		void keyThatIsNullOrBlankIsRefused(String key) {
			assertRefused(() -> publish(key), "partition key of event MADE is null or blank", "id of the aggregate");
			assertManualRefused(() -> publishManually(key), "partition key of event MADE is null or blank");
		}

		@Test
		void keyMayHaveAsManyCharactersAsItsColumn() {
			List<String> keys = List.of("k".repeat(255), "\u20AC".repeat(255), FOUR_BYTES.repeat(255));
			inTransaction(() -> keys.forEach(ArgumentTests.this::publish));
			assertPublished(keys.toArray(String[]::new));
		}

		@ParameterizedTest
		@ValueSource(strings = { "k", "\u20AC", FOUR_BYTES })
		void keyThatIsTooLongIsRefused(String character) {
			String key = character.repeat(256);
			assertRefused(() -> publish(key), "partition key of event MADE has more than 255 characters");
			assertManualRefused(() -> publishManually(key), "more than 255 characters");
		}

		@ParameterizedTest
		@ValueSource(strings = { "a\0b", "\0", "a\uD800", "\uDC00b", "\uDE00\uD83D" })
		void keyThatCannotBeStoredIsRefused(String key) {
			assertRefused(() -> publish(key), "partition key of event MADE has characters that cannot be stored");
			assertManualRefused(() -> publishManually(key), "characters that cannot be stored");
		}

		@Test
		void keyIsKeptAsItIs() {
			inTransaction(() -> {
				publish(" a ");
				publish("'; DROP TABLE outbox; --");
				publisher().publishEvent(PurchaseEvents.MADE, 42, null);
				publisher().publishEvent(PurchaseEvents.MADE, -1, null, Map.of("h", "v"));
			});
			assertPublished(" a ", "'; DROP TABLE outbox; --", "42", "-1");
		}

	}

	@Nested
	class Types {

		@Test
		@SuppressWarnings("NullAway") // as a caller might that is not null-marked
		void typeThatIsNullIsRefused() {
			assertRefused(() -> publisher().publishEvent(null, "a", "x"), "event type is null");
			assertManualRefused(() -> publisher().publishManualEvent(null, "a", "x"), "event type is null");
		}

		@Test
		void typeThatIsNotDeclaredIsRefusedWithTheWaysToDeclareIt() {
			assertRefused(() -> publish(new Declared("SHIPPED", "purchases")), "'SHIPPED' is not declared",
					"outbox.event-types.SHIPPED=<topic>", "[MADE, RETURNED]");
		}

		@Test
		void nameOfADeclaredTypeForAnotherTopicIsRefused() {
			assertRefused(() -> publish(new Declared("MADE", "elsewhere")), "not the one that is declared",
					"'elsewhere'", "'purchases'", PurchaseEvents.class.getName());
		}

		@Test
		void topicThatIsNotLegalIsRefused() {
			assertRefused(() -> publish(new Declared("MADE", "not a topic")), "'not a topic'");
		}

		@Test
		void equalTypeIsAccepted() {
			inTransaction(() -> publish(new Declared("MADE", "purchases")));
			assertPublished("a");
		}

		private void publish(EventType type) {
			publisher().publishEvent(type, "a", "x");
		}

	}

	@Nested
	class Payloads {

		@Test
		void payloadThatCannotBeSerialisedIsRefused() {
			assertRefused(() -> publish(new Unreadable("")), "payload of event MADE", Unreadable.class.getName(),
					"cannot be written as JSON", "cannot be read");
		}

		@Test
		void loneSurrogateInThePayloadIsStoredAsAnEscape() {
			inTransaction(() -> publish("a\uD800b"));
			assertThat(jdbc().queryForObject("SELECT payload FROM outbox", String.class)).contains("\"a\\uD800b\"");
		}

		@Test
		void payloadMayBeNull() {
			inTransaction(() -> publish(null));
			assertThat(jdbc().queryForObject("SELECT payload FROM outbox", String.class)).endsWith("\"payload\":null}");
		}

		@Test
		void envelopeThatIsTooLargeIsRefusedWithTheSizes() {
			String tooLarge = "x".repeat(1 << 20);
			assertRefused(() -> publish(tooLarge), "Event MADE has 104", "bytes", "more than the 1048576",
					"outbox.producer.properties.max.request.size", "max.message.bytes");
		}

		@Test
		void sizeIsThatInBytes() {
			assertRefused(() -> publish("\u20AC".repeat(350_000)), "Event MADE has 1050", "more than the 1048576");
			inTransaction(() -> publish("x".repeat(350_000)));
			assertPublished("a");
		}

		@Test
		void headersCountToo() {
			assertRefused(
					() -> publisher().publishEvent(PurchaseEvents.MADE, "a", "x", Map.of("h", "v".repeat(1 << 20))),
					"more than the 1048576");
		}

		private void publish(@Nullable Object payload) {
			publisher().publishEvent(PurchaseEvents.MADE, "a", payload);
		}

	}

	@Nested
	class Headers {

		@ParameterizedTest
		@ValueSource(strings = { "event-id", "event-type", "outbox-source" })
		void headerThatTheOutboxSetsItselfIsRefused(String name) {
			assertRefused(() -> publish(Map.of(name, "x")), "Header '" + name + "' of event MADE",
					"set by the outbox itself", "another name");
		}

		@Test
		@SuppressWarnings("NullAway") // as a caller might that is not null-marked
		void headersThatAreNullAreRefused() {
			assertRefused(() -> publish(null), "headers of event MADE are null");
			assertRefused(() -> publish(Collections.singletonMap("h", null)), "no name or no value");
			assertRefused(() -> publish(Collections.singletonMap(null, "v")), "no name or no value");
			assertRefused(() -> publish(Map.of(" ", "v")), "no name or no value");
		}

		@ParameterizedTest
		@ValueSource(strings = { "a\uD800", "\uDC00b" })
		void headerThatCannotBeStoredIsRefused(String text) {
			assertRefused(() -> publish(Map.of("h", text)), "header of event MADE");
			assertRefused(() -> publish(Map.of(text, "v")), "header of event MADE");
		}

		@Test
		void headersKeepTheirOrderAndAreCopied() {
			Map<String, String> headers = new LinkedHashMap<>();
			for (String name : List.of("z", "b", "y", "a")) {
				headers.put(name, name + FOUR_BYTES + "\"\0");
			}
			Map<String, String> before = new LinkedHashMap<>(headers);
			inTransaction(() -> {
				publish(headers);
				headers.clear();
			});
			assertThat(handovers().all().get(0).get(0).headers()).containsExactlyEntriesOf(before);
		}

		private void publish(Map<String, String> headers) {
			publisher().publishEvent(PurchaseEvents.MADE, "a", "x", headers);
		}

	}

	private record Declared(String name, String topic) implements EventType {

	}

	record Unreadable(String item) {

		@Override
		public String item() {
			throw new IllegalStateException("cannot be read");
		}

	}

}
