package dev.outbox.test;

import java.util.ArrayList;
import java.util.List;

import dev.outbox.EventType;
import dev.outbox.OutboxEventPublisher;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.liquibase.autoconfigure.LiquibaseAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * An application that uses the outbox.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration(exclude = { FlywayAutoConfiguration.class, LiquibaseAutoConfiguration.class })
public class LedgerApplication {

	@Bean
	EventType accountChanged(@Value("${ledger.topic}") String topic) {
		return new LedgerEventType("ACCOUNT_CHANGED", topic);
	}

	@Bean
	Ledger ledger(JdbcTemplate jdbc, PlatformTransactionManager manager, OutboxEventPublisher publisher, EventType type,
			@Value("${ledger.events:1}") int events) {
		return new Ledger(jdbc, manager, publisher, type, events);
	}

	static ConfigurableApplicationContext start(String jdbcUrl, String bootstrapServers, String... properties) {
		List<String> all = new ArrayList<>(List.of("spring.application.name=ledger", "spring.datasource.url=" + jdbcUrl,
				"spring.datasource.hikari.maximum-pool-size=20", "spring.kafka.bootstrap-servers=" + bootstrapServers,
				"spring.main.banner-mode=off", "spring.jpa.hibernate.ddl-auto=none"));
		all.addAll(List.of(properties));
		return new SpringApplicationBuilder(LedgerApplication.class).web(WebApplicationType.NONE)
			.registerShutdownHook(false)
			.properties(all.toArray(String[]::new))
			.run();
	}

}
