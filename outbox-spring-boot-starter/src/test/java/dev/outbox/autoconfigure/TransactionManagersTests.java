package dev.outbox.autoconfigure;

import java.util.List;
import java.util.UUID;

import javax.sql.DataSource;

import dev.outbox.OutboxEventPublisher;
import dev.outbox.OutboxException;
import dev.outbox.OutboxMonitor;
import dev.outbox.publish.EventTypes;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.beans.factory.support.AutowireCandidateQualifier;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The transaction managers of an application: in whose transactions events can be
 * published, and in whose manual events are.
 */
class TransactionManagersTests {

	private final JdbcDataSource ours = database();

	private final ApplicationContextRunner runner = OutboxContexts.withOutbox()
		.withPropertyValues("outbox.event-types.MADE=purchases");

	private final ApplicationContextRunner withDataSource = this.runner.withBean("ours", DataSource.class,
			() -> this.ours, (definition) -> definition.setPrimary(true));

	@Test
	void onlyManagerIsUsed() {
		this.withDataSource.run((context) -> {
			publishManually(context);
			publish(context, context.getBean(PlatformTransactionManager.class));
			assertPending(context, 2);
		});
	}

	@Test
	void oneOfTwoManagersOfTheDataSourceMustBePrimary() {
		this.withDataSource.withBean("one", PlatformTransactionManager.class, this::manager)
			.withBean("two", PlatformTransactionManager.class, this::manager)
			.run((context) -> {
				assertThatExceptionOfType(OutboxException.class).isThrownBy(() -> publishManually(context))
					.withMessageContainingAll("publishManualEvent needs one transaction manager", this.ours.toString(),
							"there are 2", "@OutboxTransactionManager or @Primary");
				publish(context, context.getBean("one", PlatformTransactionManager.class));
				publish(context, context.getBean("two", PlatformTransactionManager.class));
				assertPending(context, 2);
			});
	}

	@Test
	void primaryOneOfTwoManagersOfTheDataSourceIsUsed() {
		this.withDataSource
			.withBean("one", PlatformTransactionManager.class, this::manager,
					(definition) -> definition.setPrimary(true))
			.withBean("two", PlatformTransactionManager.class, this::manager)
			.run((context) -> {
				publishManually(context);
				assertPending(context, 1);
			});
	}

	@Test
	void markedOneOfTwoManagersOfTheDataSourceIsUsed() {
		this.withDataSource.withBean("one", PlatformTransactionManager.class, this::manager)
			.withBean("two", PlatformTransactionManager.class, () -> new JdbcTransactionManager(this.ours) {

				@Override
				protected void doBegin(Object transaction, TransactionDefinition definition) {
					throw new CannotCreateTransactionException("The marked one is used");
				}

			}, (definition) -> ((AbstractBeanDefinition) definition)
				.addQualifier(new AutowireCandidateQualifier(OutboxTransactionManager.class)))
			.run((context) -> assertThatExceptionOfType(CannotCreateTransactionException.class)
				.isThrownBy(() -> publishManually(context))
				.withMessage("The marked one is used"));
	}

	@Test
	void managerOfAnotherDataSourceIsNotUsedEvenIfItIsPrimary() {
		this.withDataSource.withBean("one", PlatformTransactionManager.class, this::manager)
			.withBean("other", PlatformTransactionManager.class, () -> new JdbcTransactionManager(database()),
					(definition) -> definition.setPrimary(true))
			.run((context) -> {
				publishManually(context);
				assertPending(context, 1);
				assertOther(() -> publish(context, context.getBean("other", PlatformTransactionManager.class)));
			});
	}

	@Test
	void managerOfAnotherDataSourceAloneIsRefused() {
		this.withDataSource
			.withBean("other", PlatformTransactionManager.class, () -> new JdbcTransactionManager(database()))
			.run((context) -> {
				assertOther(() -> publishManually(context));
				assertPending(context, 0);
			});
	}

	@Test
	void managersOfAProxyAndOfItsTargetAreOfTheSameDataSource() {
		DataSource proxy = new TransactionAwareDataSourceProxy(this.ours);
		this.runner.withBean("proxy", DataSource.class, () -> proxy)
			.withBean("one", PlatformTransactionManager.class, () -> new JdbcTransactionManager(proxy),
					(definition) -> definition.setPrimary(true))
			.withBean("two", PlatformTransactionManager.class, this::manager)
			.run((context) -> {
				publishManually(context);
				for (String manager : List.of("one", "two")) {
					publish(context, context.getBean(manager, PlatformTransactionManager.class));
					publishAndRollBack(context, context.getBean(manager, PlatformTransactionManager.class));
				}
				assertPending(context, 3);
			});
	}

	@Test
	void proxyOfALazyProxyIsSupported() {
		DataSource lazy = new LazyConnectionDataSourceProxy(this.ours);
		this.runner.withBean(DataSource.class, () -> new TransactionAwareDataSourceProxy(lazy)).run((context) -> {
			publishManually(context);
			publish(context, context.getBean(PlatformTransactionManager.class));
			publishAndRollBack(context, context.getBean(PlatformTransactionManager.class));
			assertPending(context, 2);
		});
	}

	@Test
	void connectionsMayBeFetchedLazily() {
		this.runner.withPropertyValues("spring.datasource.connection-fetch=lazy").run((context) -> {
			assertThat(context.getBean(DataSource.class)).isInstanceOf(LazyConnectionDataSourceProxy.class);
			publishManually(context);
			publish(context, context.getBean(PlatformTransactionManager.class));
			assertPending(context, 2);
		});
	}

	private PlatformTransactionManager manager() {
		return new JdbcTransactionManager(this.ours);
	}

	private static void publishManually(AssertableApplicationContext context) {
		context.getBean(OutboxEventPublisher.class)
			.publishManualEvent(context.getBean(EventTypes.class).get("MADE"), "a", null);
	}

	private static void publish(AssertableApplicationContext context, PlatformTransactionManager manager) {
		new TransactionTemplate(manager).executeWithoutResult((status) -> context.getBean(OutboxEventPublisher.class)
			.publishEvent(context.getBean(EventTypes.class).get("MADE"), "a", null));
	}

	private static void publishAndRollBack(AssertableApplicationContext context, PlatformTransactionManager manager) {
		new TransactionTemplate(manager).executeWithoutResult((status) -> {
			context.getBean(OutboxEventPublisher.class)
				.publishEvent(context.getBean(EventTypes.class).get("MADE"), "a", null);
			status.setRollbackOnly();
		});
	}

	private void assertOther(ThrowingCallable call) {
		assertThatExceptionOfType(OutboxException.class).isThrownBy(call)
			.withMessageContainingAll("transaction manager 'other'", this.ours.toString());
	}

	private static void assertPending(AssertableApplicationContext context, int count) {
		assertThat(context.getBean(OutboxMonitor.class).status().pending()).isEqualTo(count);
	}

	private static JdbcDataSource database() {
		JdbcDataSource dataSource = new JdbcDataSource();
		dataSource.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
		return dataSource;
	}

}
