package dev.outbox.autoconfigure.publish;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import dev.outbox.OutboxEventPublisher;
import dev.outbox.autoconfigure.OutboxAutoConfiguration;
import dev.outbox.autoconfigure.OutboxKafkaAutoConfiguration;
import dev.outbox.autoconfigure.OutboxSchemaAutoConfiguration;
import dev.outbox.dispatch.SendChannel;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceInitializationAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.awaitility.Awaitility.await;

/**
 * An application that has no more libraries than it needs. It publishes one event and
 * answers with what was sent.
 */
@Configuration(proxyBeanMethods = false)
@AutoConfigurationPackage
@ImportAutoConfiguration({ DataSourceTransactionManagerAutoConfiguration.class,
		DataSourceInitializationAutoConfiguration.class, JacksonAutoConfiguration.class, KafkaAutoConfiguration.class,
		OutboxSchemaAutoConfiguration.class, OutboxAutoConfiguration.class, OutboxKafkaAutoConfiguration.class })
class PlainApplication implements Function<String[], List<String>> {

	@Override
	public List<String> apply(String[] properties) {
		SpringApplication application = new SpringApplicationBuilder(PlainApplication.class)
			.web(WebApplicationType.NONE)
			.registerShutdownHook(false)
			.properties("spring.application.name=plain", "outbox.confirmation.mode=ack", "spring.main.banner-mode=off",
					"spring.kafka.bootstrap-servers=localhost:1")
			.properties(properties)
			.build();
		try (ConfigurableApplicationContext context = application.run()) {
			OutboxEventPublisher publisher = context.getBean(OutboxEventPublisher.class);
			new TransactionTemplate(context.getBean(PlatformTransactionManager.class))
				.executeWithoutResult((status) -> publisher.publishEvent(PurchaseEvents.MADE, "a", new Purchase("a")));
			RecordingChannel kafka = context.getBean(RecordingChannel.class);
			await().atMost(10, TimeUnit.SECONDS).until(() -> !kafka.keys().isEmpty());
			return kafka.keys();
		}
	}

	@Bean
	ObservedDataSource dataSource() {
		return new ObservedDataSource("the outbox's database");
	}

	@Bean
	RecordingChannel kafka() {
		return new RecordingChannel();
	}

	@Bean
	SendChannel.Factory channels(RecordingChannel kafka) {
		return () -> kafka;
	}

}
