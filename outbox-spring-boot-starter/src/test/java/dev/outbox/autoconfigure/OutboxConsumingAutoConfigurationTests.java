package dev.outbox.autoconfigure;

import dev.outbox.json.JsonEnvelope;
import dev.outbox.kafka.EventArgumentResolver;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.kafka.annotation.KafkaListenerConfigurer;
import org.springframework.kafka.config.KafkaListenerEndpointRegistrar;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

/**
 * Listeners that take an event.
 */
class OutboxConsumingAutoConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(OutboxConsumingAutoConfiguration.class));

	@Test
	void listenersMayTakeEvents() {
		this.runner.withBean(JsonEnvelope.class, () -> new JsonEnvelope(new JsonMapper()))
			.run((context) -> assertThat(configured(context).getCustomMethodArgumentResolvers()).singleElement()
				.isInstanceOf(EventArgumentResolver.class));
	}

	@Test
	void resolversOfTheApplicationStayAndComeFirst() {
		HandlerMethodArgumentResolver users = mock(HandlerMethodArgumentResolver.class);
		KafkaListenerConfigurer configurer = (registrar) -> registrar.setCustomMethodArgumentResolvers(users);
		this.runner.withBean(JsonEnvelope.class, () -> new JsonEnvelope(new JsonMapper()))
			.withBean("users", KafkaListenerConfigurer.class, () -> configurer)
			.run((context) -> {
				assertThat(configured(context).getCustomMethodArgumentResolvers()).hasSize(2).first().isSameAs(users);
				assertThat(configured(context).getCustomMethodArgumentResolvers()).last()
					.isInstanceOf(EventArgumentResolver.class);
			});
	}

	@Test
	void nothingIsThereWithoutAnEnvelope() {
		this.runner.run((context) -> assertThat(context).doesNotHaveBean(KafkaListenerConfigurer.class));
	}

	@Test
	void eventsMayBeTakenInAnApplicationThatPublishes() {
		OutboxContexts.withOutbox()
			.run((context) -> assertThat(configured(context).getCustomMethodArgumentResolvers())
				.hasAtLeastOneElementOfType(EventArgumentResolver.class));
	}

	private static KafkaListenerEndpointRegistrar configured(AssertableApplicationContext context) {
		KafkaListenerEndpointRegistrar registrar = new KafkaListenerEndpointRegistrar();
		context.getBeanProvider(KafkaListenerConfigurer.class)
			.orderedStream()
			.forEach((configurer) -> configurer.configureKafkaListeners(registrar));
		return registrar;
	}

}
