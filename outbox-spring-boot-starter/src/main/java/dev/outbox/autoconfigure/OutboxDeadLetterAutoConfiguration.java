package dev.outbox.autoconfigure;

import java.util.Map;

import dev.outbox.kafka.DeadLetters;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.kafka.listener.CommonErrorHandler;
import org.springframework.kafka.listener.DefaultErrorHandler;

/**
 * Auto-configuration of retries and dead-letter topics for the application's listeners,
 * if it wants them. Spring Boot applies the error handler to its listener containers.
 *
 * @since 0.1
 */
@AutoConfiguration(after = KafkaAutoConfiguration.class)
@ConditionalOnBooleanProperty("outbox.dead-letter.enabled")
@EnableConfigurationProperties(OutboxProperties.class)
public final class OutboxDeadLetterAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	DeadLetters outboxDeadLetters(ObjectProvider<KafkaProperties> kafka,
			ObjectProvider<KafkaConnectionDetails> details) {
		Map<String, Object> connection = KafkaConnection.of(kafka, details).producer();
		return new DeadLetters(connection);
	}

	@Bean
	@ConditionalOnMissingBean(CommonErrorHandler.class)
	DefaultErrorHandler outboxDeadLetterErrorHandler(DeadLetters deadLetters, OutboxProperties properties) {
		OutboxProperties.DeadLetter settings = properties.deadLetter();
		return deadLetters.errorHandler(settings.suffix(), settings.retries(), settings.backOff(),
				settings.multiplier(), settings.longestBackOff());
	}

}
