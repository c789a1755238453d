package dev.outbox.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.autoconfigure.task.TaskSchedulingAutoConfiguration;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.LifecycleProcessor;
import org.springframework.context.support.AbstractApplicationContext;
import org.springframework.util.ClassUtils;

/**
 * The contexts in which the auto-configurations are tested. Nothing in them is started.
 */
final class OutboxContexts {

	private OutboxContexts() {
	}

	/**
	 * An application with JDBC and Kafka, and without the outbox.
	 */
	static ApplicationContextRunner withoutOutbox() {
		return new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class,
					DataSourceTransactionManagerAutoConfiguration.class, JdbcTemplateAutoConfiguration.class,
					TransactionAutoConfiguration.class, JacksonAutoConfiguration.class, KafkaAutoConfiguration.class,
					TaskExecutionAutoConfiguration.class, TaskSchedulingAutoConfiguration.class))
			.withBean(AbstractApplicationContext.LIFECYCLE_PROCESSOR_BEAN_NAME, LifecycleProcessor.class, Resting::new)
			.withPropertyValues("spring.kafka.bootstrap-servers=localhost:1");
	}

	/**
	 * The same application with all of the outbox.
	 */
	static ApplicationContextRunner withOutbox() {
		return withOutbox(withoutOutbox());
	}

	static ApplicationContextRunner withOutbox(ApplicationContextRunner application) {
		return application.withConfiguration(AutoConfigurations.of(autoConfigurations().toArray(Class<?>[]::new)))
			.withPropertyValues("spring.application.name=shop");
	}

	/**
	 * All auto-configurations of the outbox.
	 */
	static List<Class<?>> autoConfigurations() {
		List<Class<?>> classes = new ArrayList<>();
		StreamSupport.stream(ImportCandidates.load(AutoConfiguration.class, null).spliterator(), false)
			.filter((name) -> name.startsWith("dev.outbox."))
			.forEach((name) -> classes.add(ClassUtils.resolveClassName(name, null)));
		return classes;
	}

	/**
	 * Leaves the background at rest.
	 */
	private static final class Resting implements LifecycleProcessor {

		@Override
		public void onRefresh() {
		}

		@Override
		public void onClose() {
		}

		@Override
		public void start() {
		}

		@Override
		public void stop() {
		}

		@Override
		public boolean isRunning() {
			return false;
		}

	}

}
