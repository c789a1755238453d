package dev.outbox.autoconfigure.publish;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.core.Ordered;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * What other callbacks publish before the commit is captured, whenever they run.
 */
class BeforeCommitTests extends AbstractPublishingTests {

	@ParameterizedTest
	@ValueSource(ints = { Ordered.HIGHEST_PRECEDENCE, -1, 0, 1, Ordered.LOWEST_PRECEDENCE })
	void firstEventOfACallbackIsCaptured(int order) {
		inTransaction(() -> Callbacks.beforeCommit(order, () -> publish("a")));
		assertPublished("a");
	}

	@ParameterizedTest
	@ValueSource(ints = { Ordered.HIGHEST_PRECEDENCE, -1, 0, 1, Ordered.LOWEST_PRECEDENCE })
	void furtherEventOfACallbackIsCaptured(int order) {
		inTransaction(() -> {
			Callbacks.beforeCommit(order, () -> publish("b"));
			publish("a");
		});
		assertPublished("a", "b");
	}

	@Test
	void eventOfACallbackThatIsRegisteredLateIsCaptured() {
		inTransaction(() -> {
			publish("a");
			purchase("a");
			Callbacks.beforeCommit(Ordered.LOWEST_PRECEDENCE, () -> publish("c"));
			Callbacks.beforeCommit(Ordered.HIGHEST_PRECEDENCE, () -> publish("b"));
		});
		assertPublished("a", "b", "c");
	}

	@Test
	void eventOfACallbackThatAnotherCallbackRegistersIsCaptured() {
		inTransaction(() -> {
			publish("a");
			Callbacks.beforeCommit(Ordered.LOWEST_PRECEDENCE, () -> Callbacks.beforeCompletion(() -> publish("b")));
		});
		assertPublished("a", "b");
	}

	@Test
	void eventOfACallbackBeforeTheCompletionIsCaptured() {
		inTransaction(() -> Callbacks.beforeCompletion(() -> publish("a")));
		assertPublished("a");
	}

	@Test
	void eventOfACallbackBeforeTheCompletionIsForgottenByARollback() {
		inTransactionThatRollsBack(() -> Callbacks.beforeCompletion(() -> publish("a")));
		assertNothingIsPublished();
	}

	@Test
	void eventOfATransactionalEventListenerIsCaptured() {
		inTransaction(() -> applicationEvents().publishEvent(new Callbacks.BeforeCommit(() -> publish("a"))));
		assertPublished("a");
	}

	@Test
	void eventOfAnEventListenerIsCaptured() {
		inTransaction(() -> {
			publish("a");
			applicationEvents().publishEvent(new Callbacks.AtOnce(() -> publish("b")));
		});
		assertPublished("a", "b");
	}

	@Test
	void eventsOfManyCallbacksAreStoredByOneStatement() {
		inTransaction(() -> {
			Callbacks.beforeCommit(0, () -> publish("b"));
			Callbacks.beforeCommit(1, () -> publish("c"));
			Callbacks.beforeCompletion(() -> publish("d"));
			publish("a");
		});
		assertPublished("a", "b", "c", "d");
		assertThat(dataSource().statements("insert into outbox")).hasSize(1);
		assertThat(handovers().all()).hasSize(1);
	}

	@Test
	void callbackThatFailsBeforeTheCommitTakesEverythingBack() {
		assertThatIllegalStateException().isThrownBy(() -> inTransaction(() -> {
			purchase("a");
			publish("a");
			Callbacks.beforeCommit(0, () -> {
				throw new IllegalStateException("The application's callback fails");
			});
		}));
		assertNothingIsPublished();
		assertThat(purchases()).isEmpty();
	}

}
