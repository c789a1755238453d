package dev.outbox.autoconfigure;

import java.util.List;
import java.util.Map;

import dev.outbox.EventType;
import dev.outbox.OutboxEventPublisher;
import dev.outbox.OutboxException;
import dev.outbox.publish.ContextHeaders;
import io.micrometer.tracing.ScopedSpan;
import io.micrometer.tracing.Tracer;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.tracing.autoconfigure.MicrometerTracingAutoConfiguration;
import org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.OpenTelemetryTracingAutoConfiguration;
import org.springframework.boot.opentelemetry.autoconfigure.OpenTelemetrySdkAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Events carry the trace in which they are published.
 */
class OutboxTracingAutoConfigurationTests {

	private final ApplicationContextRunner untraced = OutboxContexts.withOutbox()
		.withPropertyValues("outbox.event-types.MADE=made", "outbox.capture-only=true");

	private final ApplicationContextRunner runner = this.untraced
		.withConfiguration(AutoConfigurations.of(OpenTelemetrySdkAutoConfiguration.class,
				OpenTelemetryTracingAutoConfiguration.class, MicrometerTracingAutoConfiguration.class));

	@Test
	void eventCarriesTheTraceInWhichItIsPublished() {
		this.runner.run((context) -> {
			ScopedSpan span = context.getBean(Tracer.class).startScopedSpan("order");
			publish(context, Map.of("tenant", "a"));
			span.end();
			assertThat(headers(context)).singleElement(InstanceOfAssertFactories.STRING)
				.startsWith("{\"traceparent\":\"00-%s-%s-".formatted(span.context().traceId(), span.context().spanId()))
				.endsWith("\",\"tenant\":\"a\"}");
		});
	}

	@Test
	void traceThatTheCallerSetsHimselfIsKept() {
		this.runner.run((context) -> {
			ScopedSpan span = context.getBean(Tracer.class).startScopedSpan("order");
			publish(context, Map.of("traceparent", "own"));
			span.end();
			assertThat(headers(context)).containsExactly("{\"traceparent\":\"own\"}");
		});
	}

	@Test
	void eventOfNoTraceHasNoHeaders() {
		this.runner.run((context) -> {
			assertThat(context).hasSingleBean(ContextHeaders.class);
			publish(context, Map.of());
			assertThat(headers(context)).containsExactly((String) null);
		});
	}

	@Test
	void applicationMayAddHeadersOfItsOwn() {
		this.runner.withBean(ContextHeaders.class, () -> () -> Map.of("tenant", "b")).run((context) -> {
			ScopedSpan span = context.getBean(Tracer.class).startScopedSpan("order");
			publish(context, Map.of());
			span.end();
			assertThat(headers(context)).singleElement(InstanceOfAssertFactories.STRING)
				.contains("\"traceparent\":\"00-" + span.context().traceId(), "\"tenant\":\"b\"");
		});
	}

	@Test
	void applicationMayNotSetTheOutboxsHeadersInThisWayEither() {
		this.untraced.withBean(ContextHeaders.class, () -> () -> Map.of("event-id", "b"))
			.run((context) -> assertThatExceptionOfType(OutboxException.class)
				.isThrownBy(() -> publish(context, Map.of()))
				.withMessageContaining("Header 'event-id' of event MADE is set by the outbox itself"));
	}

	@Test
	void applicationWithoutTracingHasNone() {
		this.untraced.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(ContextHeaders.class));
	}

	private static void publish(ApplicationContext context, Map<String, String> headers) {
		context.getBean(OutboxEventPublisher.class).publishManualEvent(new Made(), "key", "payload", headers);
	}

	private static List<@Nullable String> headers(ApplicationContext context) {
		return context.getBean(JdbcTemplate.class).queryForList("SELECT headers FROM outbox", String.class);
	}

	private record Made() implements EventType {

		@Override
		public String name() {
			return "MADE";
		}

		@Override
		public String topic() {
			return "made";
		}

	}

}
