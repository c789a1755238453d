package dev.outbox.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Parameter;
import java.lang.reflect.RecordComponent;
import java.net.URL;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.core.NestedExceptionUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The properties, their checks, and what an editor is told about them.
 */
class OutboxPropertiesTests {

	@Nested
	class Binding {

		@Test
		void defaultsAreThoseOfTheDocumentation() {
			OutboxProperties properties = bind(Map.of());
			assertThat(properties.source()).isNull();
			assertThat(properties.captureOnly()).isFalse();
			assertThat(properties.ordering()).isEqualTo(OutboxProperties.Ordering.KEY);
			assertThat(properties.eventTypes()).isEmpty();
			assertThat(properties.eventTypePackages()).isEmpty();
			assertThat(properties.schema().migrate()).isTrue();
			assertThat(properties.producer().properties()).isEmpty();
			assertThat(properties.confirmation().mode()).isEqualTo(OutboxProperties.Confirmation.Mode.CONSUMER);
			assertThat(properties.confirmation().groupId()).isNull();
			assertThat(properties.relay().staleAfter()).isEqualTo(Duration.ofSeconds(10));
			assertThat(properties.deadLetter().enabled()).isFalse();
		}

		@Test
		void valuesAreBound() {
			OutboxProperties properties = bind(Map.of("outbox.source", "orders", "outbox.ordering", "none",
					"outbox.event-type-packages", "a,b", "outbox.confirmation.mode", "ack",
					"outbox.confirmation.group-id", "readers", "outbox.confirmation.concurrency", "3",
					"outbox.confirmation.properties.fetch.min.bytes", "7", "outbox.producer.properties.linger.ms", "5",
					"outbox.relay.stale-after", "3s", "outbox.shutdown-grace", "0"));
			assertThat(properties.source()).isEqualTo("orders");
			assertThat(properties.ordering()).isEqualTo(OutboxProperties.Ordering.NONE);
			assertThat(properties.eventTypePackages()).containsExactly("a", "b");
			assertThat(properties.confirmation().mode()).isEqualTo(OutboxProperties.Confirmation.Mode.ACK);
			assertThat(properties.confirmation().groupId()).isEqualTo("readers");
			assertThat(properties.confirmation().concurrency()).isEqualTo(3);
			assertThat(properties.confirmation().properties()).containsExactly(Map.entry("fetch.min.bytes", "7"));
			assertThat(properties.producer().properties()).containsExactly(Map.entry("linger.ms", "5"));
			assertThat(properties.relay().staleAfter()).isEqualTo(Duration.ofSeconds(3));
			assertThat(properties.shutdownGrace()).isZero();
		}

		@ParameterizedTest
		@CsvSource({ "outbox.shutdown-grace,-1s", "outbox.confirmation.concurrency,0",
				"outbox.confirmation.start-at,500ms", "outbox.confirmation.start-at,-1h", "outbox.relay.interval,0",
				"outbox.relay.interval,-1s", "outbox.relay.stale-after,0", "outbox.relay.longest-back-off,1s",
				"outbox.dead-letter.retries,-1", "outbox.dead-letter.back-off,-1s", "outbox.dead-letter.multiplier,0.5",
				"outbox.dead-letter.suffix,' '" })
		void valueThatMakesNoSenseIsRefusedWithTheNameOfTheProperty(String name, String value) {
			assertThatExceptionOfType(BindException.class).isThrownBy(() -> bind(Map.of(name, value)))
				.satisfies((ex) -> assertThat(NestedExceptionUtils.getMostSpecificCause(ex))
					.isInstanceOf(IllegalArgumentException.class)
					.hasMessageContaining(name)
					.hasMessageContaining("must"));
		}

		@ParameterizedTest
		@CsvSource({ "outbox.ordering,sometimes", "outbox.confirmation.mode,never", "outbox.relay.interval,soon",
				"outbox.confirmation.concurrency,many", "outbox.schema.migrate,perhaps" })
		void valueThatCannotBeReadIsRefused(String name, String value) {
			assertThatExceptionOfType(BindException.class).isThrownBy(() -> bind(Map.of(name, value)))
				.satisfies((ex) -> assertThat(ex).hasStackTraceContaining(name).hasStackTraceContaining(value));
		}

		private OutboxProperties bind(Map<String, String> values) {
			return new Binder(new MapConfigurationPropertySource(values)).bindOrCreate("outbox",
					OutboxProperties.class);
		}

	}

	@Nested
	class Metadata {

		private final Map<String, JsonNode> documented = documented();

		@Test
		void everyPropertyIsKnownToEditorsAndNoOther() {
			assertThat(this.documented).containsOnlyKeys(declared().keySet());
		}

		@Test
		void everyPropertyIsDescribed() {
			assertThat(this.documented).isNotEmpty()
				.allSatisfy((name, property) -> assertThat(property.path("description").asString("")).as(name)
					.endsWith(".")
					.hasSizeGreaterThan(10));
		}

		@Test
		void everyDefaultIsTold() {
			declared().forEach((name, defaultValue) -> {
				JsonNode told = this.documented.getOrDefault(name, JsonMapper.shared().nullNode()).path("defaultValue");
				assertThat(told.isMissingNode() ? null : told.asString()).as(name).isEqualTo(defaultValue);
			});
		}

		private Map<String, JsonNode> documented() {
			try {
				Map<String, JsonNode> properties = new HashMap<>();
				for (URL url : Collections
					.list(getClass().getClassLoader().getResources("META-INF/spring-configuration-metadata.json"))) {
					try (InputStream json = url.openStream()) {
						for (JsonNode property : JsonMapper.shared().readTree(json).path("properties")) {
							if (property.path("name").asString().startsWith("outbox.")) {
								properties.put(property.path("name").asString(), property);
							}
						}
					}
				}
				return properties;
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

		// The names with their defaults, from the records themselves.
		private Map<String, @Nullable String> declared() {
			Map<String, @Nullable String> properties = new HashMap<>();
			collect("outbox", OutboxProperties.class, properties);
			return properties;
		}

		private void collect(String prefix, Class<?> type, Map<String, @Nullable String> properties) {
			RecordComponent[] components = type.getRecordComponents();
			Parameter[] parameters = type.getDeclaredConstructors()[0].getParameters();
			for (int i = 0; i < components.length; i++) {
				String name = prefix + "."
						+ components[i].getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
				if (components[i].getType().isRecord()) {
					collect(name, components[i].getType(), properties);
				}
				else {
					properties.put(name, defaultValue(parameters[i]));
				}
			}
		}

		private @Nullable String defaultValue(Parameter parameter) {
			DefaultValue value = parameter.getAnnotation(DefaultValue.class);
			return (value == null || value.value().length == 0) ? null : String.join(",", value.value());
		}

	}

}
