package dev.outbox.autoconfigure;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.bootstrap.DefaultBootstrapContext;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.core.env.StandardEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link KafkaClientsPreloader}.
 */
class KafkaClientsPreloaderTests {

	@Test
	void isAListenerOfEachApplication() {
		assertThat(new SpringApplication().getListeners()).hasAtLeastOneElementOfType(KafkaClientsPreloader.class);
	}

	@Test
	void allThatItNamesCanBeLoaded() throws ClassNotFoundException {
		new KafkaClientsPreloader().load();
	}

	@ParameterizedTest
	@ValueSource(strings = { "outbox.source=shop", "outbox.capture-only=false", "outbox.confirmation.mode=CONSUMER",
			"OUTBOX_CONFIRMATION_MODE=consumer" })
	void loadsInTheBackgroundBeforeTheContextIsMade(String property) throws InterruptedException {
		assertThat(isLoading(property, TimeUnit.SECONDS.toMillis(10))).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "outbox.capture-only=true", "outbox.capture-only=on", "outbox.confirmation.mode=ack",
			"OUTBOX_CAPTUREONLY=true", "outbox.confirmation.mode=nonsense" })
	void nothingIsLoadedWhereNoConsumerIsStarted(String property) throws InterruptedException {
		assertThat(isLoading(property, 100)).isFalse();
	}

	private static boolean isLoading(String property, long patience) throws InterruptedException {
		CountDownLatch loading = new CountDownLatch(1);
		KafkaClientsPreloader preloader = new KafkaClientsPreloader() {

			@Override
			void load() {
				loading.countDown();
			}

		};
		StandardEnvironment environment = new StandardEnvironment();
		boolean variable = property.startsWith("OUTBOX_");
		TestPropertyValues.of(property)
			.applyTo(environment, variable ? TestPropertyValues.Type.SYSTEM_ENVIRONMENT : TestPropertyValues.Type.MAP);
		// As Spring Boot does it.
		ConfigurationPropertySources.attach(environment);
		preloader.onApplicationEvent(new ApplicationEnvironmentPreparedEvent(new DefaultBootstrapContext(),
				new SpringApplication(), new String[0], environment));
		return loading.await(patience, TimeUnit.MILLISECONDS);
	}

}
