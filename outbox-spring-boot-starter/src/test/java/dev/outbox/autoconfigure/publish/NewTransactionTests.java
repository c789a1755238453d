package dev.outbox.autoconfigure.publish;

import org.junit.jupiter.api.Test;

import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.UnexpectedRollbackException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * An event belongs to the transaction in which it was published, and to no other: around
 * it, inside it, or on the same thread before or after.
 */
class NewTransactionTests extends AbstractPublishingTests {

	private static final int REQUIRES_NEW = TransactionDefinition.PROPAGATION_REQUIRES_NEW;

	@Test
	void innerTransactionIsPublishedFirst() {
		inTransaction(() -> {
			publish("outer 1");
			inTransaction(REQUIRES_NEW, () -> publish("inner"));
			assertPublished("inner");
			publish("outer 2");
		});
		assertPublished("inner", "outer 1", "outer 2");
		assertThat(handovers().all()).hasSize(2);
	}

	@Test
	void innerTransactionThatRollsBackTakesOnlyItsOwnEventsBack() {
		inTransaction(() -> {
			publish("outer 1");
			inTransactionThatRollsBack(REQUIRES_NEW, () -> publish("inner"));
			publish("outer 2");
		});
		assertPublished("outer 1", "outer 2");
	}

	@Test
	void innerTransactionThatFailsTakesOnlyItsOwnEventsBack() {
		inTransaction(() -> {
			publish("outer 1");
			assertThatIllegalStateException().isThrownBy(() -> inTransaction(REQUIRES_NEW, () -> {
				publish("inner");
				throw new IllegalStateException("The application fails");
			}));
			publish("outer 2");
		});
		assertPublished("outer 1", "outer 2");
	}

	@Test
	void outerTransactionThatRollsBackLeavesInnerEvents() {
		inTransactionThatRollsBack(() -> {
			publish("outer 1");
			inTransaction(REQUIRES_NEW, () -> publish("inner"));
			publish("outer 2");
		});
		assertPublished("inner");
	}

	@Test
	void transactionsAreSuspendedAndResumedAtAnyDepth() {
		inTransaction(() -> {
			publish("1");
			inTransaction(REQUIRES_NEW, () -> {
				publish("2");
				inTransactionThatRollsBack(REQUIRES_NEW, () -> publish("3"));
				inTransaction(TransactionDefinition.PROPAGATION_NOT_SUPPORTED, () -> inTransaction(() -> publish("4")));
				publish("5");
			});
			publish("6");
		});
		assertPublished("4", "2", "5", "1", "6");
	}

	@Test
	void callbackBeforeTheCommitMayUseANewTransaction() {
		inTransaction(() -> {
			publish("1");
			Callbacks.beforeCommit(0, () -> {
				inTransaction(REQUIRES_NEW, () -> publish("2"));
				publish("3");
			});
		});
		assertPublished("2", "1", "3");
	}

	@Test
	void transactionInAScopeWithoutOneIsItsOwn() {
		inTransaction(TransactionDefinition.PROPAGATION_SUPPORTS, () -> {
			inTransaction(() -> publish("1"));
			inTransactionThatRollsBack(() -> publish("2"));
			inTransaction(() -> publish("3"));
		});
		assertPublished("1", "3");
	}

	@Test
	void participantsPublishInTheTransactionAroundThem() {
		inTransaction(() -> {
			publish("1");
			inTransaction(() -> publish("2"));
			inTransaction(TransactionDefinition.PROPAGATION_SUPPORTS, () -> publish("3"));
			inTransaction(TransactionDefinition.PROPAGATION_MANDATORY, () -> publish("4"));
		});
		assertPublished("1", "2", "3", "4");
		assertThat(handovers().all()).hasSize(1);
	}

	@Test
	void participantThatRollsBackTakesEverythingBack() {
		assertThatExceptionOfType(UnexpectedRollbackException.class).isThrownBy(() -> inTransaction(() -> {
			publish("1");
			inTransactionThatRollsBack(() -> publish("2"));
		}));
		assertNothingIsPublished();
	}

	@Test
	void rolledBackTransactionLeavesNothingToTheNextOfTheThread() {
		inTransactionThatRollsBack(() -> publish("1"));
		inTransaction(() -> publish("2"));
		assertThatIllegalStateException().isThrownBy(() -> inTransaction(() -> {
			publish("3");
			throw new IllegalStateException("The application fails");
		}));
		inTransaction(() -> {
		});
		inTransaction(() -> publish("4"));
		assertPublished("2", "4");
	}

	@Test
	void transactionsOfAThreadAreEachStoredAndHandedOverByThemselves() {
		for (int i = 1; i <= 3; i++) {
			String key = String.valueOf(i);
			inTransaction(() -> publish(key));
			assertThat(handovers().all()).hasSize(i);
		}
		assertPublished("1", "2", "3");
		assertThat(dataSource().statements("insert into outbox")).hasSize(3);
	}

}
