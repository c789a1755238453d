package dev.outbox.autoconfigure;

import java.util.Map;

import dev.outbox.OutboxException;
import dev.outbox.kafka.DeadLetters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.kafka.config.ConcurrentKafkaListenerContainerFactory;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.listener.CommonErrorHandler;
import org.springframework.kafka.listener.DefaultErrorHandler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

/**
 * Retries and dead-letter topics for the application's listeners, if it wants them.
 */
class OutboxDeadLetterAutoConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(KafkaAutoConfiguration.class, OutboxDeadLetterAutoConfiguration.class))
		.withPropertyValues("spring.kafka.bootstrap-servers=localhost:1");

	@Test
	void applicationsErrorHandlingIsLeftAloneByDefault() {
		this.runner.run((context) -> assertThat(context).doesNotHaveBean(CommonErrorHandler.class)
			.doesNotHaveBean(DeadLetters.class));
		OutboxContexts.withOutbox()
			.run((context) -> assertThat(context).doesNotHaveBean(CommonErrorHandler.class)
				.doesNotHaveBean(DeadLetters.class));
	}

	@Test
	void listenersGetAnErrorHandlerWhenItIsOn() {
		this.runner.withPropertyValues("outbox.dead-letter.enabled=true").run((context) -> {
			assertThat(context).hasSingleBean(DefaultErrorHandler.class);
			assertThat(context.getBean(ConcurrentKafkaListenerContainerFactory.class)
				.createContainer("orders")
				.getCommonErrorHandler()).isSameAs(context.getBean(DefaultErrorHandler.class));
		});
	}

	@Test
	void noOtherTemplateIsAdded() {
		this.runner.withPropertyValues("outbox.dead-letter.enabled=true")
			.run((context) -> assertThat(context).hasSingleBean(KafkaTemplate.class));
	}

	@Test
	void errorHandlerOfTheApplicationWins() {
		CommonErrorHandler users = mock(CommonErrorHandler.class);
		this.runner.withPropertyValues("outbox.dead-letter.enabled=true")
			.withBean(CommonErrorHandler.class, () -> users)
			.run((context) -> assertThat(context).hasSingleBean(CommonErrorHandler.class)
				.getBean(CommonErrorHandler.class)
				.isSameAs(users));
	}

	@Test
	void deadLettersMayBeReplaced() {
		DeadLetters users = new DeadLetters(Map.of());
		this.runner.withPropertyValues("outbox.dead-letter.enabled=true")
			.withBean(DeadLetters.class, () -> users)
			.run((context) -> assertThat(context).getBean(DeadLetters.class).isSameAs(users));
	}

	@Test
	void missingKafkaIsRefused() {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(OutboxDeadLetterAutoConfiguration.class))
			.withPropertyValues("outbox.dead-letter.enabled=true")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(OutboxException.class)
				.hasMessageContaining("The outbox needs Kafka"));
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "retries=0", "retries=5", "multiplier=2", "back-off=0s", "suffix=.DLT", "longest-back-off=1m" })
	void settingsAreAccepted(String setting) {
		this.runner.withPropertyValues("outbox.dead-letter.enabled=true", "outbox.dead-letter." + setting)
			.run((context) -> assertThat(context).hasSingleBean(DefaultErrorHandler.class));
	}

}
