package dev.outbox.autoconfigure.publish;

import java.util.List;
import java.util.function.Function;

import dev.outbox.OutboxEventPublisher;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.liquibase.autoconfigure.LiquibaseAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * An application that only captures events. It publishes one and answers with what was
 * stored.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration(exclude = { FlywayAutoConfiguration.class, LiquibaseAutoConfiguration.class })
class CapturingApplication implements Function<String[], List<String>> {

	@Override
	public List<String> apply(String[] properties) {
		SpringApplication application = new SpringApplicationBuilder(CapturingApplication.class)
			.web(WebApplicationType.NONE)
			.registerShutdownHook(false)
			.properties("spring.application.name=capturing", "outbox.capture-only=true", "spring.main.banner-mode=off")
			.properties(properties)
			.build();
		try (ConfigurableApplicationContext context = application.run()) {
			context.getBean(OutboxEventPublisher.class).publishManualEvent(PurchaseEvents.MADE, "a", new Purchase("a"));
			return context.getBean(JdbcTemplate.class).queryForList("SELECT partition_key FROM outbox", String.class);
		}
	}

	@Bean
	ObservedDataSource dataSource() {
		return new ObservedDataSource("the outbox's database");
	}

}
