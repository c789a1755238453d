package dev.outbox.autoconfigure;

import dev.outbox.OutboxMonitor;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of the outbox's part in the application's health, where Spring
 * Boot's module for it is there.
 *
 * @since 0.1
 */
@AutoConfiguration(after = OutboxAutoConfiguration.class)
@ConditionalOnClass({ HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class })
@ConditionalOnEnabledHealthIndicator("outbox")
@ConditionalOnBean(OutboxMonitor.class)
public final class OutboxHealthAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(name = "outboxHealthIndicator")
	OutboxHealthIndicator outboxHealthIndicator(OutboxMonitor monitor) {
		return new OutboxHealthIndicator(monitor);
	}

}
