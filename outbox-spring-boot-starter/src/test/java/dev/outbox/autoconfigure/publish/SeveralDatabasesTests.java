package dev.outbox.autoconfigure.publish;

import dev.outbox.OutboxException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * In an application with another database, whose transaction manager is even the primary
 * one, events belong to transactions of the outbox's database alone.
 */
@Import(SeveralDatabasesTests.Configuration.class)
class SeveralDatabasesTests extends AbstractPublishingTests {

	private static final int REQUIRED = TransactionDefinition.PROPAGATION_REQUIRED;

	private static final int REQUIRES_NEW = TransactionDefinition.PROPAGATION_REQUIRES_NEW;

	@Autowired
	@Qualifier("ours")
	private PlatformTransactionManager ours;

	@Autowired
	@Qualifier("other")
	private PlatformTransactionManager other;

	@Test
	void publishingInATransactionOfTheOtherDatabaseIsRefused() {
		in(this.other, REQUIRED, () -> assertOther(() -> publish("a"), "or by publishManualEvent"));
		assertNothingIsPublished();
	}

	@Test
	void publishingInATransactionOfOursIsPossible() {
		in(this.ours, REQUIRED, () -> publish("a"));
		assertPublished("a");
	}

	@Test
	void oursInsideTheOtherCommitsByItself() {
		in(this.other, REQUIRED, () -> {
			in(this.ours, REQUIRED, () -> publish("a"));
			assertPublished("a");
			assertOther(() -> publish("b"), "");
		});
		assertPublished("a");
	}

	@Test
	void oursInsideTheOtherStaysWhenTheOtherRollsBack() {
		inThatRollsBack(this.other, () -> in(this.ours, REQUIRED, () -> publish("a")));
		assertPublished("a");
	}

	@Test
	void oursInsideTheOtherRollsBackByItself() {
		in(this.other, REQUIRED, () -> inThatRollsBack(this.ours, () -> publish("a")));
		assertNothingIsPublished();
	}

	@Test
	void publishingInTheOtherInsideOursIsRefused() {
		for (int propagation : new int[] { REQUIRED, REQUIRES_NEW, TransactionDefinition.PROPAGATION_NESTED }) {
			in(this.ours, REQUIRED,
					() -> in(this.other, propagation, () -> assertOther(() -> publish("a"), "publish there")));
			assertNothingIsPublished();
		}
	}

	@Test
	void oursGoesOnAfterTheOtherInsideIt() {
		in(this.ours, REQUIRED, () -> {
			publish("a");
			in(this.other, REQUIRED, () -> assertOther(() -> publish("b"), ""));
			inThatRollsBack(this.other, () -> assertOther(() -> publish("c"), ""));
			publish("d");
		});
		assertPublished("a", "d");
	}

	@Test
	void nothingPublishedInTheOtherInsideOursOutlivesTheRollbackOfOurs() {
		inThatRollsBack(this.ours, () -> in(this.other, REQUIRED, () -> tryToPublish("a")));
		assertNothingIsPublished();
	}

	@Test
	void nothingPublishedInOursAgainInsideTheOtherOutlivesTheRollbackOfOurs() {
		inThatRollsBack(this.ours,
				() -> in(this.other, REQUIRED, () -> in(this.ours, REQUIRED, () -> tryToPublish("a"))));
		assertNothingIsPublished();
	}

	@Test
	void newOneOfOursInsideTheOtherInsideOursIsItsOwn() {
		inThatRollsBack(this.ours, () -> {
			publish("outer");
			in(this.other, REQUIRED, () -> in(this.ours, REQUIRES_NEW, () -> publish("inner")));
			publish("outer again");
		});
		assertPublished("inner");
	}

	@Test
	void scopeOfTheOtherWithoutATransactionDoesNotConcernOurs() {
		in(this.ours, REQUIRED, () -> in(this.other, TransactionDefinition.PROPAGATION_SUPPORTS, () -> publish("a")));
		assertPublished("a");
	}

	@Test
	void manualEventIsPublishedWhateverIsPrimary() {
		publishManually("a");
		inThatRollsBack(this.other, () -> publishManually("b"));
		inThatRollsBack(this.ours, () -> in(this.other, REQUIRED, () -> publishManually("c")));
		assertPublished("a", "b", "c");
	}

	private void tryToPublish(String key) {
		try {
			publish(key);
		}
		catch (OutboxException ex) {
			// Refused: that is fine, too.
		}
	}

	private static void assertOther(ThrowingCallable call, String advice) {
		assertThatExceptionOfType(OutboxException.class).isThrownBy(call)
			.withMessageContainingAll("transaction manager 'other'", "the outbox's database", advice);
	}

	private static void in(PlatformTransactionManager manager, int propagation, Runnable work) {
		TransactionTemplate template = new TransactionTemplate(manager);
		template.setPropagationBehavior(propagation);
		template.executeWithoutResult((status) -> work.run());
	}

	private static void inThatRollsBack(PlatformTransactionManager manager, Runnable work) {
		new TransactionTemplate(manager).executeWithoutResult((status) -> {
			work.run();
			status.setRollbackOnly();
		});
	}

	@TestConfiguration(proxyBeanMethods = false)
	static class Configuration {

		@Bean
		PlatformTransactionManager ours(@Qualifier("dataSource") ObservedDataSource dataSource) {
			return new JdbcTransactionManager(dataSource);
		}

		@Bean
		@Primary
		PlatformTransactionManager other() {
			return new JdbcTransactionManager(new ObservedDataSource("the other database"));
		}

	}

}
