package dev.outbox.autoconfigure.publish;

import java.util.Map;

import dev.outbox.OutboxException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Manual events are published on their own, wherever the caller stands.
 */
class ManualEventTests extends AbstractPublishingTests {

	@AfterEach
	void acceptEverythingAgain() {
		jdbc().execute("ALTER TABLE outbox DROP CONSTRAINT IF EXISTS refused");
	}

	@Test
	void eventIsPublishedWithoutATransaction() {
		publishManually("a");
		assertPublished("a");
	}

	@Test
	void eventIsPublishedWhenTheCallReturns() {
		inTransaction(() -> {
			publish("auto");
			publishManually("manual");
			assertPublished("manual");
		});
		assertPublished("manual", "auto");
	}

	@Test
	void eventStaysWhenTheTransactionAroundItRollsBack() {
		inTransactionThatRollsBack(() -> {
			publish("auto");
			publishManually("manual");
		});
		assertPublished("manual");
	}

	@ParameterizedTest
	@ValueSource(ints = { TransactionDefinition.PROPAGATION_SUPPORTS, TransactionDefinition.PROPAGATION_NOT_SUPPORTED,
			TransactionDefinition.PROPAGATION_NEVER, TransactionDefinition.PROPAGATION_NESTED })
	void eventIsPublishedInAScopeOfAnyPropagation(int propagation) {
		inTransactionThatRollsBack(propagation, () -> publishManually("a"));
		assertPublished("a");
	}

	@Test
	void eventIsPublishedInAReadOnlyTransaction() {
		TransactionTemplate readOnly = transaction(TransactionDefinition.PROPAGATION_REQUIRED);
		readOnly.setReadOnly(true);
		readOnly.executeWithoutResult((status) -> publishManually("a"));
		assertPublished("a");
	}

	@Test
	void eventIsPublishedAfterTheCommit() {
		inTransaction(() -> {
			publish("a");
			Callbacks.afterCommit(0, () -> publishManually("b"));
			Callbacks.afterCompletion(0, () -> publishManually("c"));
		});
		assertPublished("a", "b", "c");
	}

	@Test
	void eventIsPublishedAfterARollback() {
		inTransactionThatRollsBack(() -> {
			publish("a");
			Callbacks.afterCompletion(0, () -> publishManually("b"));
		});
		assertPublished("b");
	}

	@Test
	void eventIsPublishedInATransactionalEventListener() {
		inTransaction(() -> applicationEvents().publishEvent(new Callbacks.AfterCommit(() -> publishManually("a"))));
		assertPublished("a");
	}

	@Test
	void eventIsPublishedBeforeTheCommit() {
		inTransaction(() -> {
			publish("auto");
			Callbacks.beforeCommit(0, () -> publishManually("manual"));
		});
		assertPublished("manual", "auto");
	}

	@Test
	void numberMayBeTheKey() {
		publisher().publishManualEvent(PurchaseEvents.MADE, 42, null);
		publisher().publishManualEvent(PurchaseEvents.MADE, Long.MIN_VALUE, null, Map.of("h", "v"));
		assertPublished("42", String.valueOf(Long.MIN_VALUE));
	}

	@Test
	void eventThatCannotBeStoredFailsTheCaller() {
		jdbc().execute("ALTER TABLE outbox ADD CONSTRAINT refused CHECK (partition_key <> 'bad')");
		assertThatExceptionOfType(DataIntegrityViolationException.class).isThrownBy(() -> publishManually("bad"));
		inTransaction(() -> {
			publish("auto");
			assertThatExceptionOfType(DataIntegrityViolationException.class).isThrownBy(() -> publishManually("bad"));
		});
		assertPublished("auto");
	}

	@Test
	void handoverThatFailsDoesNotReachTheCaller() {
		handovers().fail();
		assertThat(publishManually("a")).isNotNull();
		assertThat(stored()).containsExactly("a");
	}

	@Test
	void argumentsAreCheckedBeforeATransactionBegins() {
		assertThatExceptionOfType(OutboxException.class).isThrownBy(() -> publishManually(" "))
			.withMessageContaining("null or blank");
		assertThat(dataSource().statements("")).isEmpty();
		assertNothingIsPublished();
	}

}
