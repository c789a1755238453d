package dev.outbox.autoconfigure.publish;

import java.util.ArrayList;
import java.util.List;

import dev.outbox.OutboxException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.core.Ordered;
import org.springframework.transaction.TransactionDefinition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * After the commit the transaction still looks active, but will never commit again:
 * publishing in it is refused.
 */
class AfterCommitTests extends AbstractPublishingTests {

	private final List<@Nullable Throwable> thrown = new ArrayList<>();

	@ParameterizedTest
	@ValueSource(ints = { Ordered.HIGHEST_PRECEDENCE, 0, Ordered.LOWEST_PRECEDENCE })
	void firstPublishAfterTheCommitIsRefused(int order) {
		inTransaction(() -> Callbacks.afterCommit(order, this::tryToPublish));
		assertRefused();
		assertNothingIsPublished();
	}

	@ParameterizedTest
	@ValueSource(ints = { Ordered.HIGHEST_PRECEDENCE, 0, Ordered.LOWEST_PRECEDENCE })
	void publishAfterTheCommitIsRefusedAlsoAfterAnEarlierOne(int order) {
		inTransaction(() -> {
			Callbacks.afterCommit(order, this::tryToPublish);
			publish("a");
		});
		assertRefused();
		assertPublished("a");
	}

	@ParameterizedTest
	@ValueSource(ints = { Ordered.HIGHEST_PRECEDENCE, 0, Ordered.LOWEST_PRECEDENCE })
	void publishAfterTheCompletionIsRefused(int order) {
		inTransaction(() -> {
			Callbacks.afterCompletion(order, this::tryToPublish);
			publish("a");
		});
		assertRefused();
		assertPublished("a");
	}

	@ParameterizedTest
	@ValueSource(ints = { Ordered.HIGHEST_PRECEDENCE, 0, Ordered.LOWEST_PRECEDENCE })
	void publishAfterARollbackIsRefused(int order) {
		inTransactionThatRollsBack(() -> {
			publish("a");
			Callbacks.afterCompletion(order, this::tryToPublish);
		});
		assertRefused();
		assertNothingIsPublished();
	}

	@Test
	void publishInATransactionalEventListenerAfterTheCommitIsRefused() {
		inTransaction(() -> applicationEvents().publishEvent(new Callbacks.AfterCommit(this::tryToPublish)));
		inTransaction(() -> {
			publish("a");
			applicationEvents().publishEvent(new Callbacks.AfterCommit(this::tryToPublish));
		});
		assertThat(this.thrown).hasSize(2);
		assertRefused();
		assertPublished("a");
	}

	@Test
	void publishInACallOfRequiredPropagationAfterTheCommitIsRefused() {
		inTransaction(() -> Callbacks.afterCommit(0, () -> inTransaction(this::tryToPublish)));
		assertRefused();
		assertNothingIsPublished();
	}

	@Test
	void newTransactionAfterTheCommitMayPublish() {
		inTransaction(() -> {
			publish("a");
			Callbacks.afterCommit(0,
					() -> inTransaction(TransactionDefinition.PROPAGATION_REQUIRES_NEW, () -> publish("b")));
			Callbacks.afterCompletion(0,
					() -> inTransaction(TransactionDefinition.PROPAGATION_REQUIRES_NEW, () -> publish("c")));
		});
		assertPublished("a", "b", "c");
	}

	@Test
	void publishAfterANewTransactionAfterTheCommitIsStillRefused() {
		inTransaction(() -> Callbacks.afterCommit(0, () -> {
			inTransaction(TransactionDefinition.PROPAGATION_REQUIRES_NEW, () -> publish("a"));
			tryToPublish();
		}));
		assertRefused();
		assertPublished("a");
	}

	@Test
	void eventsAreHandedOverBeforeOtherCallbacksAfterTheCommit() {
		List<String> handedOver = new ArrayList<>();
		inTransaction(() -> {
			Callbacks.afterCommit(Ordered.HIGHEST_PRECEDENCE, () -> handedOver.addAll(handovers().keys()));
			publish("a");
		});
		assertThat(handedOver).containsExactly("a");
	}

	@Test
	void callbackThatFailsAfterTheCommitDoesNotKeepEventsFromBeingHandedOver() {
		assertThatIllegalStateException().isThrownBy(() -> inTransaction(() -> {
			Callbacks.afterCommit(Ordered.HIGHEST_PRECEDENCE, () -> {
				throw new IllegalStateException("The application's callback fails");
			});
			publish("a");
		}));
		assertPublished("a");
	}

	private void tryToPublish() {
		this.thrown.add(catchThrowable(() -> publish("too late")));
	}

	private void assertRefused() {
		assertThat(this.thrown).isNotEmpty()
			.allSatisfy((ex) -> assertThat(ex).isInstanceOf(OutboxException.class)
				.hasMessageContainingAll("already been committed", "Publish before the commit", "REQUIRES_NEW",
						"publishManualEvent"));
	}

}
