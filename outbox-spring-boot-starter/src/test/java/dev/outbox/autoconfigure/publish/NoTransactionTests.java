package dev.outbox.autoconfigure.publish;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import dev.outbox.OutboxException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Publishing where there is no transaction, or none that could store the event, is
 * refused at the call.
 */
class NoTransactionTests extends AbstractPublishingTests {

	@Test
	void publishingWithoutATransactionIsRefused() {
		assertNoTransaction(() -> publish("a"));
		assertNothingIsPublished();
	}

	@ParameterizedTest
	@ValueSource(ints = { TransactionDefinition.PROPAGATION_SUPPORTS, TransactionDefinition.PROPAGATION_NOT_SUPPORTED,
			TransactionDefinition.PROPAGATION_NEVER })
	void publishingInAScopeThatHasNoTransactionIsRefused(int propagation) {
		inTransaction(propagation, () -> assertNoTransaction(() -> publish("a")));
		assertNothingIsPublished();
	}

	@Test
	void publishingWhereTheTransactionIsSuspendedIsRefused() {
		inTransaction(() -> {
			publish("before");
			inTransaction(TransactionDefinition.PROPAGATION_NOT_SUPPORTED,
					() -> assertNoTransaction(() -> publish("a")));
			publish("after");
		});
		assertPublished("before", "after");
	}

	@Test
	void publishingAfterTheTransactionIsRefused() {
		inTransaction(() -> publish("a"));
		assertNoTransaction(() -> publish("b"));
		inTransactionThatRollsBack(() -> publish("c"));
		assertNoTransaction(() -> publish("d"));
		assertPublished("a");
	}

	@Test
	void publishingOnAnotherThreadThanTheTransactionsIsRefused() {
		inTransaction(() -> {
			publish("a");
			CompletableFuture<Void> other = CompletableFuture.runAsync(() -> publish("b"));
			assertThatExceptionOfType(CompletionException.class).isThrownBy(other::join)
				.havingCause()
				.isInstanceOf(OutboxException.class)
				.withMessageContaining("There is no transaction to publish in");
		});
		assertPublished("a");
	}

	@Test
	void publishingInAReadOnlyTransactionIsRefused() {
		TransactionTemplate readOnly = transaction(TransactionDefinition.PROPAGATION_REQUIRED);
		readOnly.setReadOnly(true);
		readOnly.executeWithoutResult((status) -> {
			assertReadOnly(() -> publish("a"));
			inTransaction(() -> assertReadOnly(() -> publish("b")));
			inTransaction(TransactionDefinition.PROPAGATION_REQUIRES_NEW, () -> publish("c"));
		});
		assertPublished("c");
	}

	@Test
	void readOnlyPartOfAnOrdinaryTransactionMayPublish() {
		TransactionTemplate readOnly = transaction(TransactionDefinition.PROPAGATION_REQUIRED);
		readOnly.setReadOnly(true);
		inTransaction(() -> readOnly.executeWithoutResult((status) -> publish("a")));
		assertPublished("a");
	}

	@Test
	void publishingInATransactionWhoseManagerIsNoBeanIsRefused() {
		PlatformTransactionManager stranger = new JdbcTransactionManager(dataSource());
		TransactionTemplate template = new TransactionTemplate(stranger);
		template.setName("the stranger's");
		template.executeWithoutResult(
				(status) -> assertThatExceptionOfType(OutboxException.class).isThrownBy(() -> publish("a"))
					.withMessageContainingAll("the stranger's", "not begun by a transaction manager that is a bean",
							"Make the manager a bean", "publishManualEvent"));
		inTransaction(() -> {
			publish("b");
			template.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
			template.executeWithoutResult(
					(status) -> assertThatExceptionOfType(OutboxException.class).isThrownBy(() -> publish("c"))
						.withMessageContaining("that is a bean"));
		});
		assertPublished("b");
	}

	@Test
	void managerThatIsNoBeanMayTakePartInATransactionOfOneThatIs() {
		TransactionTemplate template = new TransactionTemplate(new JdbcTransactionManager(dataSource()));
		inTransaction(() -> template.executeWithoutResult((status) -> publish("a")));
		assertPublished("a");
	}

	@Test
	void refusalDoesNotHarmTheTransaction() {
		inTransaction(() -> {
			purchase("a");
			assertThatExceptionOfType(OutboxException.class).isThrownBy(() -> publish(" "));
			publish("a");
		});
		assertPublished("a");
		assertThat(purchases()).containsExactly("a");
	}

	private static void assertNoTransaction(ThrowingCallable call) {
		assertThatExceptionOfType(OutboxException.class).isThrownBy(call)
			.withMessageContainingAll("There is no transaction to publish in", "within a transaction",
					"publishManualEvent");
	}

	private static void assertReadOnly(ThrowingCallable call) {
		assertThatExceptionOfType(OutboxException.class).isThrownBy(call)
			.withMessageContainingAll("read-only", "read-write transaction", "publishManualEvent");
	}

}
