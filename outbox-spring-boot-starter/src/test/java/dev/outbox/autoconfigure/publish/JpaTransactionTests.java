package dev.outbox.autoconfigure.publish;

import java.util.List;
import java.util.function.Consumer;

import dev.outbox.OutboxException;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.transaction.NestedTransactionNotSupportedException;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Transactions of JPA that end in one way or another.
 */
class JpaTransactionTests extends AbstractJpaTests {

	@Nested
	class Failures {

		@Test
		void optimisticLockingFailureKeepsItsType() {
			assertSameFailure(OptimisticLockingFailureException.class, (key) -> {
				deposit(1);
				inTransaction(TransactionDefinition.PROPAGATION_REQUIRES_NEW,
						() -> jdbc().update("UPDATE account SET version = version + 1 WHERE id = 1"));
			});
		}

		@Test
		void violatedConstraintKeepsItsType() {
			assertSameFailure(DataIntegrityViolationException.class, (key) -> {
				entities().persist(new Account(3));
				jdbc().update("INSERT INTO account (id, balance, version) VALUES (3, 0, 0)");
			});
		}

		@Test
		void caughtFailureDoesNotReachTheNextTransaction() {
			assertThatExceptionOfType(DataIntegrityViolationException.class).isThrownBy(() -> inTransaction(() -> {
				publish("a");
				entities().persist(new Account(1));
			}));
			inTransaction(() -> publish("b"));
			assertPublished("b");
		}

		private void assertSameFailure(Class<? extends Exception> type, Consumer<String> work) {
			Throwable without = catchThrowable(() -> inTransaction(() -> work.accept("")));
			Throwable with = catchThrowable(() -> inTransaction(() -> {
				publish("a");
				work.accept("");
			}));
			assertThat(without).isInstanceOf(type);
			assertThat(with).isInstanceOf(type).hasSameClassAs(without);
			assertNothingIsPublished();
		}

	}

	@Nested
	class Transactions {

		@Test
		void nestedTransactionIsRefusedByJpaAndLeavesNothing() {
			inTransaction(() -> {
				publish("a");
				assertThatExceptionOfType(NestedTransactionNotSupportedException.class)
					.isThrownBy(() -> inTransaction(TransactionDefinition.PROPAGATION_NESTED, () -> publish("b")));
				publish("c");
			});
			assertPublished("a", "c");
		}

		@Test
		void newTransactionHasItsOwnEventsAndItsOwnPersistenceContext() {
			inTransactionThatRollsBack(() -> {
				deposit(1);
				publish("outer");
				inTransaction(TransactionDefinition.PROPAGATION_REQUIRES_NEW, () -> {
					deposit(2);
					publish("inner");
				});
			});
			assertPublished("inner");
			assertThat(List.of(balance(1), balance(2))).containsExactly(0L, 1L);
		}

		@Test
		void rollbackTakesBothBack() {
			inTransactionThatRollsBack(() -> {
				deposit(1);
				publish("a");
			});
			assertNothingIsPublished();
			assertThat(balance(1)).isZero();
		}

		@Test
		void readOnlyTransactionIsRefused() {
			TransactionTemplate readOnly = transaction(TransactionDefinition.PROPAGATION_REQUIRED);
			readOnly.setReadOnly(true);
			readOnly.executeWithoutResult(
					(status) -> assertThatExceptionOfType(OutboxException.class).isThrownBy(() -> publish("a"))
						.withMessageContaining("read-only"));
			assertNothingIsPublished();
		}

		@Test
		void callbackBeforeTheCommitMayChangeEntitiesAndPublish() {
			inTransaction(() -> {
				publish("a");
				Callbacks.beforeCommit(0, () -> {
					deposit(1);
					publish("b");
				});
			});
			assertThat(dataSource().statements("update account", "insert into outbox"))
				.extracting(AbstractJpaTests::verb)
				.containsExactly("update account", "insert into");
			assertPublished("a", "b");
		}

		@Test
		void manualEventLeavesThePersistenceContextAlone() {
			inTransaction(() -> {
				deposit(1);
				publishManually("manual");
				assertThat(dataSource().statements("update account")).isEmpty();
			});
			assertPublished("manual");
			assertThat(balance(1)).isEqualTo(1);
		}

	}

}
