package dev.outbox.autoconfigure;

import java.time.Clock;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Executor;

import javax.sql.DataSource;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.ObjectMapper;

import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.task.TaskExecutor;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.kafka.config.KafkaListenerContainerFactory;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.core.KafkaOperations;
import org.springframework.kafka.core.ProducerFactory;
import org.springframework.kafka.listener.CommonErrorHandler;
import org.springframework.kafka.support.converter.RecordMessageConverter;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.transaction.TransactionManager;
import org.springframework.transaction.support.TransactionOperations;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the outbox leaves in the application's context: nothing that the application, or
 * Spring Boot's own back-off, could take for its own.
 */
class FootprintTests {

	private static final List<Class<?>> COMMON_TYPES = List.of(Clock.class, InstantSource.class, TaskScheduler.class,
			Executor.class, TaskExecutor.class, ObjectMapper.class, KafkaOperations.class, ProducerFactory.class,
			ConsumerFactory.class, KafkaAdmin.class, KafkaListenerContainerFactory.class, CommonErrorHandler.class,
			RecordMessageConverter.class, DataSource.class, TransactionManager.class, TransactionOperations.class,
			JdbcOperations.class, Thread.class, Runnable.class);

	@ParameterizedTest
	@ValueSource(strings = { "outbox.confirmation.mode=consumer", "outbox.confirmation.mode=ack" })
	void noBeanOfACommonTypeIsAddedOrTakenAway(String property) {
		assertThat(beans(OutboxContexts.withOutbox().withPropertyValues(property)))
			.isEqualTo(beans(OutboxContexts.withoutOutbox()));
	}

	@Test
	void namesOfAllBeansSayWhoseTheyAre() {
		Set<String> added = new TreeSet<>(names(OutboxContexts.withOutbox()));
		added.removeAll(names(OutboxContexts.withoutOutbox()));
		assertThat(added).isNotEmpty().allSatisfy((name) -> assertThat(name).matches("outbox.*|.*dev\\.outbox\\..*"));
	}

	@Test
	void propertiesOfTheApplicationAreLeftAlone() {
		assertThat(properties(OutboxContexts.withOutbox().withPropertyValues("spring.application.name=shop")))
			.isEqualTo(properties(OutboxContexts.withoutOutbox().withPropertyValues("spring.application.name=shop")));
	}

	private static Map<Class<?>, Set<String>> beans(ApplicationContextRunner runner) {
		Map<Class<?>, Set<String>> beans = new HashMap<>();
		runner.run((context) -> {
			assertThat(context).hasNotFailed();
			COMMON_TYPES.forEach((type) -> beans.put(type, Set.of(context.getBeanNamesForType(type))));
		});
		return beans;
	}

	private static Set<String> names(ApplicationContextRunner runner) {
		Set<String> names = new TreeSet<>();
		runner.run((context) -> names.addAll(Set.of(context.getBeanDefinitionNames())));
		return names;
	}

	private static Map<String, Set<String>> properties(ApplicationContextRunner runner) {
		Map<String, Set<String>> properties = new TreeMap<>();
		runner.run((context) -> collect(context, properties));
		return properties;
	}

	private static void collect(AssertableApplicationContext context, Map<String, Set<String>> properties) {
		context.getEnvironment().getPropertySources().forEach((source) -> {
			if (source instanceof EnumerablePropertySource<?> enumerable && !source.getName().startsWith("system")) {
				properties.put(source.getName(), Set.of(enumerable.getPropertyNames()));
			}
		});
	}

}
