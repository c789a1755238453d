package dev.outbox.autoconfigure;

import java.util.ArrayList;
import java.util.List;

import dev.outbox.json.JsonEnvelope;
import dev.outbox.kafka.EventArgumentResolver;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.kafka.annotation.KafkaListenerConfigurer;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;

/**
 * Auto-configuration of listeners that take an {@code Event}. Adds to what the
 * application has configured and replaces none of it.
 *
 * @since 0.1
 */
@AutoConfiguration(after = OutboxAutoConfiguration.class)
@ConditionalOnClass(KafkaListenerConfigurer.class)
@ConditionalOnBean(JsonEnvelope.class)
public final class OutboxConsumingAutoConfiguration {

	@Bean
	@Order(Ordered.LOWEST_PRECEDENCE)
	KafkaListenerConfigurer outboxKafkaListenerConfigurer(JsonEnvelope envelope) {
		return (registrar) -> {
			List<HandlerMethodArgumentResolver> resolvers = new ArrayList<>(
					registrar.getCustomMethodArgumentResolvers());
			resolvers.add(new EventArgumentResolver(envelope));
			registrar.setCustomMethodArgumentResolvers(resolvers.toArray(HandlerMethodArgumentResolver[]::new));
		};
	}

}
