package dev.outbox.autoconfigure.publish;

import java.util.function.Consumer;

import org.junit.jupiter.api.Test;

import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * What was published since a savepoint is forgotten when the transaction rolls back to
 * it.
 */
class SavepointTests extends AbstractPublishingTests {

	private static final int NESTED = TransactionDefinition.PROPAGATION_NESTED;

	@Test
	void nestedTransactionThatRollsBackTakesItsEventsBackAndNoOthers() {
		inTransaction(() -> {
			publish("before");
			inTransactionThatRollsBack(NESTED, () -> {
				purchase("nested");
				publish("nested");
			});
			publish("after");
		});
		assertPublished("before", "after");
		assertThat(purchases()).isEmpty();
	}

	@Test
	void nestedTransactionThatFailsTakesItsEventsBack() {
		inTransaction(() -> {
			publish("before");
			assertThatIllegalStateException().isThrownBy(() -> inTransaction(NESTED, () -> {
				publish("nested");
				throw new IllegalStateException("The application fails");
			}));
		});
		assertPublished("before");
	}

	@Test
	void nestedTransactionThatCommitsAddsItsEvents() {
		inTransaction(() -> {
			publish("before");
			inTransaction(NESTED, () -> publish("nested"));
			publish("after");
		});
		assertPublished("before", "nested", "after");
	}

	@Test
	void outerTransactionThatRollsBackTakesNestedEventsBack() {
		inTransactionThatRollsBack(() -> inTransaction(NESTED, () -> publish("nested")));
		assertNothingIsPublished();
	}

	@Test
	void nestedTransactionsRollBackAtAnyDepth() {
		inTransaction(() -> {
			publish("1");
			inTransaction(NESTED, () -> {
				publish("2");
				inTransactionThatRollsBack(NESTED, () -> publish("3"));
				publish("4");
			});
			inTransactionThatRollsBack(NESTED, () -> {
				publish("5");
				inTransaction(NESTED, () -> publish("6"));
			});
			inTransaction(NESTED, () -> publish("7"));
		});
		assertPublished("1", "2", "4", "7");
	}

	@Test
	void nestedTransactionWithoutAnOuterOneIsOrdinary() {
		inTransaction(NESTED, () -> publish("a"));
		inTransactionThatRollsBack(NESTED, () -> publish("b"));
		assertPublished("a");
	}

	@Test
	void nothingIsStoredIfOnlyARolledBackPartPublished() {
		inTransaction(() -> inTransactionThatRollsBack(NESTED, () -> publish("nested")));
		assertNothingIsPublished();
		assertThat(dataSource().statements("insert into outbox")).isEmpty();
	}

	@Test
	void callbackBeforeTheCommitMayUseANestedTransaction() {
		inTransaction(() -> Callbacks.beforeCommit(0, () -> {
			publish("a");
			inTransactionThatRollsBack(NESTED, () -> publish("b"));
			inTransaction(NESTED, () -> publish("c"));
		}));
		assertPublished("a", "c");
	}

	@Test
	void savepointOfAnInnerTransactionDoesNotConcernTheOuterOne() {
		inTransaction(() -> {
			publish("outer");
			inTransaction(TransactionDefinition.PROPAGATION_REQUIRES_NEW, () -> {
				publish("inner");
				inTransactionThatRollsBack(NESTED, () -> publish("nested"));
			});
		});
		assertPublished("inner", "outer");
	}

	@Test
	void newTransactionInsideANestedOneOutlivesTheRollbackToTheSavepoint() {
		inTransaction(() -> {
			publish("outer");
			inTransactionThatRollsBack(NESTED, () -> {
				publish("nested");
				inTransaction(TransactionDefinition.PROPAGATION_REQUIRES_NEW, () -> publish("new"));
			});
		});
		assertPublished("new", "outer");
	}

	@Test
	void savepointMayBeRolledBackToMoreThanOnce() {
		withStatus((status) -> {
			publish("1");
			Object savepoint = status.createSavepoint();
			publish("2");
			status.rollbackToSavepoint(savepoint);
			publish("3");
			publish("4");
			status.rollbackToSavepoint(savepoint);
			publish("5");
		});
		assertPublished("1", "5");
	}

	@Test
	void earlierSavepointTakesBackWhatFollowsALaterOne() {
		withStatus((status) -> {
			Object first = status.createSavepoint();
			publish("1");
			Object second = status.createSavepoint();
			publish("2");
			status.rollbackToSavepoint(second);
			publish("3");
			status.rollbackToSavepoint(first);
			publish("4");
		});
		assertPublished("4");
	}

	@Test
	void savepointThatIsReleasedKeepsItsEvents() {
		withStatus((status) -> {
			publish("1");
			Object savepoint = status.createSavepoint();
			publish("2");
			status.releaseSavepoint(savepoint);
			publish("3");
		});
		assertPublished("1", "2", "3");
	}

	@Test
	void savepointOfTheOuterTransactionMayBeUsedAfterAnInnerOne() {
		withStatus((status) -> {
			publish("1");
			Object savepoint = status.createSavepoint();
			publish("2");
			inTransaction(TransactionDefinition.PROPAGATION_REQUIRES_NEW, () -> publish("new"));
			publish("3");
			status.rollbackToSavepoint(savepoint);
			publish("4");
		});
		assertPublished("new", "1", "4");
	}

	private void withStatus(Consumer<TransactionStatus> work) {
		transaction(TransactionDefinition.PROPAGATION_REQUIRED).executeWithoutResult(work);
	}

}
