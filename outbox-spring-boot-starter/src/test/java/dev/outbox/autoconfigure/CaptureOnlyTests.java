package dev.outbox.autoconfigure;

import java.util.UUID;

import dev.outbox.OutboxEventPublisher;
import dev.outbox.OutboxMonitor;
import dev.outbox.confirm.ClearingQueue;
import dev.outbox.dispatch.Dispatcher;
import dev.outbox.dispatch.SendChannel;
import dev.outbox.publish.EventTypes;
import dev.outbox.relay.ReadBack;
import dev.outbox.relay.Relay;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An outbox that stores events and leaves the rest to others. It knows no broker.
 */
@ExtendWith(OutputCaptureExtension.class)
class CaptureOnlyTests {

	private static final Class<?>[] SENDING = { SendChannel.Factory.class, Dispatcher.class, ClearingQueue.class,
			ReadBack.class, Relay.class, OutboxLifecycle.class };

	private final ApplicationContextRunner runner = OutboxContexts
		.withOutbox(new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class,
					DataSourceTransactionManagerAutoConfiguration.class, JdbcTemplateAutoConfiguration.class)))
		.withPropertyValues("outbox.capture-only=true", "outbox.event-types.MADE=purchases");

	@ParameterizedTest
	@ValueSource(strings = { "true", "on" })
	void nothingSendsOrRelaysOrReadsBack(String value) {
		this.runner.withPropertyValues("outbox.capture-only=" + value).run((context) -> {
			assertThat(context).hasNotFailed();
			for (Class<?> type : SENDING) {
				assertThat(context).doesNotHaveBean(type);
			}
		});
	}

	@Test
	void eventsAreStoredByTheirTransactions(CapturedOutput log) {
		this.runner.run((context) -> {
			EventTypes types = context.getBean(EventTypes.class);
			OutboxEventPublisher publisher = context.getBean(OutboxEventPublisher.class);
			TransactionTemplate transaction = new TransactionTemplate(
					context.getBean(PlatformTransactionManager.class));
			UUID joined = transaction.execute((status) -> publisher.publishEvent(types.get("MADE"), "a", "first"));
			UUID manual = publisher.publishManualEvent(types.get("MADE"), "a", "second");
			transaction.executeWithoutResult((status) -> {
				publisher.publishEvent(types.get("MADE"), "a", "never");
				status.setRollbackOnly();
			});
			assertThat(context.getBean(JdbcTemplate.class)
				.queryForList("SELECT event_id FROM outbox ORDER BY outbox_id", String.class))
				.containsExactly(String.valueOf(joined), manual.toString());
			assertThat(context.getBean(OutboxMonitor.class).status().pending()).isEqualTo(2);
		});
		assertThat(log).doesNotContain("could not be handed over");
	}

	@ParameterizedTest
	@ValueSource(strings = { "false", "off" })
	void propertyThatIsFalseChangesNothing(String value) {
		OutboxContexts.withOutbox().withPropertyValues("outbox.capture-only=" + value).run((context) -> {
			for (Class<?> type : SENDING) {
				assertThat(context).hasSingleBean(type);
			}
		});
	}

}
