package dev.outbox.autoconfigure;

import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;

import javax.sql.DataSource;

import dev.outbox.OutboxEventPublisher;
import dev.outbox.OutboxException;
import dev.outbox.OutboxMonitor;
import dev.outbox.publish.EventTypes;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Applications with several data sources: which one is the outbox's.
 */
class DataSourcesTests {

	private final ApplicationContextRunner runner = OutboxContexts.withOutbox()
		.withPropertyValues("outbox.event-types.MADE=purchases");

	@ParameterizedTest
	@ValueSource(classes = { Marked.class, MarkedByTheSide.class })
	void markedOneIsUsedWhateverIsPrimary(Class<?> configuration) {
		this.runner.withUserConfiguration(configuration).run((context) -> {
			assertThat(context).hasNotFailed();
			publish(context, "ours");
			publishManually(context);
			assertThat(context.getBean(OutboxMonitor.class).status().pending()).isEqualTo(2);
			assertThat(pending(context, "ours")).isEqualTo(2);
			assertThatException().as("the other has no tables").isThrownBy(() -> pending(context, "other"));
		});
	}

	@Test
	void publishingInATransactionOfTheOtherIsRefused() {
		this.runner.withUserConfiguration(Marked.class).run((context) -> {
			assertThatExceptionOfType(OutboxException.class).isThrownBy(() -> publish(context, "other"))
				.withMessageContainingAll("transaction manager 'otherManager'",
						context.getBean("ours", DataSource.class).toString());
			assertThat(pending(context, "ours")).isZero();
		});
	}

	@Test
	void markedOneAloneIsUsedEvenIfItIsForNobodyElse() {
		this.runner.withUserConfiguration(MarkedAlone.class)
			.run((context) -> assertThat(context.getBean(OutboxMonitor.class).status().pending()).isZero());
	}

	@Test
	void primaryOneIsUsedIfNoneIsMarked() {
		this.runner.withUserConfiguration(WithPrimary.class).run((context) -> {
			publishManually(context);
			assertThat(pending(context, "ours")).isOne();
		});
	}

	@ParameterizedTest
	@MethodSource
	void whateverLeavesItOpenIsRefusedWithWhatToDo(Class<?> configuration, String message) {
		this.runner.withUserConfiguration(configuration).run((context) -> {
			Throwable failure = Objects.requireNonNull(context.getStartupFailure());
			FailureAnalysis analysis = Objects.requireNonNull(new OutboxFailureAnalyzer().analyze(failure));
			assertThat(analysis.getDescription()).isEqualTo("The outbox cannot start: " + message);
		});
	}

	static Stream<Arguments> whateverLeavesItOpenIsRefusedWithWhatToDo() {
		return Stream.of(
				Arguments.of(Unmarked.class,
						"There are several data sources: one, two. Mark the one in whose transactions events "
								+ "are published with @OutboxDataSource or @Primary"),
				Arguments.of(MarkedTwice.class,
						"There are several data sources with @OutboxDataSource: one, two. Mark the one in whose "
								+ "transactions events are published, and no other"));
	}

	private static void publish(AssertableApplicationContext context, String dataSource) {
		PlatformTransactionManager manager = context.getBean(dataSource + "Manager", PlatformTransactionManager.class);
		new TransactionTemplate(manager).executeWithoutResult((status) -> context.getBean(OutboxEventPublisher.class)
			.publishEvent(context.getBean(EventTypes.class).get("MADE"), "a", null));
	}

	private static void publishManually(AssertableApplicationContext context) {
		context.getBean(OutboxEventPublisher.class)
			.publishManualEvent(context.getBean(EventTypes.class).get("MADE"), "a", null);
	}

	private static int pending(AssertableApplicationContext context, String dataSource) {
		Integer count = new JdbcTemplate(context.getBean(dataSource, DataSource.class))
			.queryForObject("SELECT COUNT(*) FROM outbox", Integer.class);
		return (count != null) ? count : -1;
	}

	private static DataSource database() {
		JdbcDataSource dataSource = new JdbcDataSource();
		dataSource.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
		return dataSource;
	}

	@Configuration(proxyBeanMethods = false)
	static class Marked {

		@Bean
		@OutboxDataSource
		DataSource ours() {
			return database();
		}

		@Bean
		@Primary
		DataSource other() {
			return database();
		}

		@Bean
		PlatformTransactionManager oursManager(@OutboxDataSource DataSource ours) {
			return new JdbcTransactionManager(ours);
		}

		@Bean
		@Primary
		PlatformTransactionManager otherManager(DataSource other) {
			return new JdbcTransactionManager(other);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class MarkedByTheSide {

		@Bean(defaultCandidate = false)
		@OutboxDataSource
		DataSource ours() {
			return database();
		}

		@Bean
		DataSource other() {
			return database();
		}

		@Bean
		PlatformTransactionManager oursManager(@OutboxDataSource DataSource ours) {
			return new JdbcTransactionManager(ours);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class MarkedAlone {

		@Bean(defaultCandidate = false)
		@OutboxDataSource
		DataSource ours() {
			return database();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class WithPrimary {

		@Bean
		@Primary
		DataSource ours() {
			return database();
		}

		@Bean
		DataSource other() {
			return database();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Unmarked {

		@Bean
		DataSource one() {
			return database();
		}

		@Bean
		DataSource two() {
			return database();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class MarkedTwice {

		@Bean
		@OutboxDataSource
		DataSource one() {
			return database();
		}

		@Bean
		@OutboxDataSource
		DataSource two() {
			return database();
		}

	}

}
