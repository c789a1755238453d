package dev.outbox.autoconfigure;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

import dev.outbox.publish.ContextHeaders;
import io.micrometer.tracing.TraceContext;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of the headers that carry the trace in which an event is published,
 * {@code traceparent} unless the application uses another format.
 *
 * @since 0.1
 */
@AutoConfiguration(before = OutboxAutoConfiguration.class, afterName = {
		"org.springframework.boot.micrometer.tracing.autoconfigure.MicrometerTracingAutoConfiguration",
		"org.springframework.boot.micrometer.tracing.autoconfigure.NoopTracerAutoConfiguration",
		"org.springframework.boot.micrometer.tracing.brave.autoconfigure.BraveAutoConfiguration",
		"org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.OpenTelemetryTracingAutoConfiguration" })
@ConditionalOnClass({ Tracer.class, Propagator.class })
@ConditionalOnBean({ Tracer.class, Propagator.class })
public final class OutboxTracingAutoConfiguration {

	// They are stored with the event: it may be sent by another thread, another instance,
	// or much later, and still belongs to this trace.
	@Bean
	@ConditionalOnMissingBean(name = "outboxTraceHeaders")
	ContextHeaders outboxTraceHeaders(Tracer tracer, Propagator propagator) {
		return () -> {
			TraceContext trace = tracer.currentTraceContext().context();
			if (trace == null) {
				return Map.of();
			}
			Map<String, String> headers = new LinkedHashMap<>();
			propagator.inject(trace, headers,
					(carrier, name, value) -> Objects.requireNonNull(carrier).put(name, value));
			return headers;
		};
	}

}
