package dev.outbox.publish;

import java.util.Arrays;
import java.util.List;

import dev.outbox.EventType;
import dev.outbox.OutboxException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * The types of an application, each name once.
 */
class EventTypesTests {

	private static EventTypes types(EventType... types) {
		return new EventTypes(Arrays.asList(types));
	}

	@Nested
	class Collecting {

		@Test
		void typesAreFoundByTheirNames() {
			EventTypes types = new EventTypes(List.of(Orders.values()));
			assertThat(types.get("CREATED")).isSameAs(Orders.CREATED);
			assertThat(types.get("CANCELLED")).isSameAs(Orders.CANCELLED);
		}

		@Test
		void topicsAreEachNamedOnceAndInOrder() {
			EventTypes types = new EventTypes(
					List.of(new Declared("A", "orders"), new Declared("B", "customers"), new Declared("C", "orders")));
			assertThat(types.topics()).containsExactly("customers", "orders");
		}

		@Test
		void applicationNeedsNoTypes() {
			assertThat(new EventTypes(List.of()).topics()).isEmpty();
		}

		@Test
		void typeThatIsFoundTwiceIsOne() {
			assertThatNoException().isThrownBy(() -> new EventTypes(List.of(Orders.CREATED, Orders.CREATED)));
		}

		@Test
		void twoTypesOfOneNameAreRefused() {
			assertThatExceptionOfType(OutboxException.class)
				.isThrownBy(() -> types(Orders.CREATED, new Declared("CREATED", "elsewhere")))
				.withMessageContainingAll("Two event types have the name 'CREATED'", Orders.class.getName(),
						Declared.class.getName(), "'orders'", "'elsewhere'");
		}

		@ParameterizedTest
		@ValueSource(strings = { "", " ", ".", "..", "a b", "a/b", "ä", "a\n", "order:created" })
		void illegalTopicIsRefused(String topic) {
			assertThatExceptionOfType(OutboxException.class).isThrownBy(() -> types(new Declared("A", topic)))
				.withMessageContainingAll("topic", "is not legal in Kafka", Declared.class.getName());
		}

		@Test
		void topicMayHaveAsManyCharactersAsKafkaAllows() {
			assertThatNoException().isThrownBy(() -> types(new Declared("A", "t".repeat(249))));
			assertThatExceptionOfType(OutboxException.class).isThrownBy(() -> types(new Declared("A", "t".repeat(250))))
				.withMessageContaining("1 to 249");
		}

		@Test
		void topicThatIsNullIsRefused() {
			assertThatExceptionOfType(OutboxException.class).isThrownBy(() -> types(new Topicless("A")))
				.withMessageContaining("is not legal in Kafka");
		}

		@Test
		void nameMustFitItsColumn() {
			assertThatNoException().isThrownBy(() -> types(new Declared("n".repeat(255), "orders")));
			for (String name : List.of("", " ", "n".repeat(256))) {
				assertThatExceptionOfType(OutboxException.class).isThrownBy(() -> types(new Declared(name, "orders")))
					.withMessageContaining("must have 1 to 255 characters");
			}
		}

	}

	@Nested
	class Finding {

		private final EventTypes types = types(Orders.values());

		@Test
		void unknownNameIsRefusedWithTheWaysToDeclareIt() {
			assertThatExceptionOfType(OutboxException.class).isThrownBy(() -> this.types.get("SHIPPED"))
				.withMessageContainingAll("'SHIPPED' is not declared", "CANCELLED, CREATED", "enum", "bean",
						"outbox.event-types.SHIPPED=<topic>");
		}

		@Test
		void declaredTypePasses() {
			assertThatNoException().isThrownBy(() -> this.types.check(Orders.CREATED));
		}

		@Test
		void anotherObjectForTheSameNameAndTopicPasses() {
			assertThatNoException().isThrownBy(() -> this.types.check(new Declared("CREATED", "orders")));
		}

		@Test
		void sameNameForAnotherTopicIsRefused() {
			assertThatExceptionOfType(OutboxException.class)
				.isThrownBy(() -> this.types.check(new Declared("CREATED", "elsewhere")))
				.withMessageContainingAll("CREATED", "'elsewhere'", "'orders'", Orders.class.getName());
		}

	}

	private enum Orders implements EventType {

		CREATED, CANCELLED;

		@Override
		public String topic() {
			return "orders";
		}

	}

	private record Declared(String name, String topic) implements EventType {

	}

	@SuppressWarnings("NullAway") // as an application might that is not null-marked
	private record Topicless(String name) implements EventType {

		private static final @Nullable String NONE = null;

		@Override
		public String topic() {
			return NONE;
		}

	}

}
