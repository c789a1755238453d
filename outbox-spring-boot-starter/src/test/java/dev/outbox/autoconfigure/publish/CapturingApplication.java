package dev.outbox.autoconfigure.publish;

import java.util.List;
import java.util.concurrent.Callable;

import dev.outbox.OutboxEventPublisher;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * An application that only captures events. It publishes one and answers with what was
 * stored.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
class CapturingApplication implements Callable<List<String>> {

	@Override
	public List<String> call() {
		SpringApplication application = new SpringApplicationBuilder(CapturingApplication.class)
			.web(WebApplicationType.NONE)
			.registerShutdownHook(false)
			.properties("spring.application.name=capturing", "outbox.capture-only=true", "spring.main.banner-mode=off")
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
