package dev.outbox.autoconfigure.publish;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import dev.outbox.OutboxException;
import dev.outbox.store.OutboxRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.TransactionTimedOutException;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * The events of a transaction and its commit: all or nothing.
 */
class CommitTests extends AbstractPublishingTests {

	@AfterEach
	void acceptEverythingAgain() {
		jdbc().execute("ALTER TABLE outbox DROP CONSTRAINT IF EXISTS refused");
	}

	@Test
	void eventsAreStoredAndHandedOverInTheOrderInWhichTheyWerePublished() {
		inTransaction(() -> IntStream.range(0, 1200).forEach((i) -> publish("key-" + i)));
		assertPublished(IntStream.range(0, 1200).mapToObj((i) -> "key-" + i).toArray(String[]::new));
	}

	@Test
	void eventIsHandedOverAsItIsStored() {
		UUID eventId = inTransactionReturning(() -> publish("a"));
		String payload = "{\"eventId\":\"" + eventId + "\",\"eventType\":\"MADE\",\"payload\":{\"item\":\"a\"}}";
		assertThat(handovers().all())
			.containsExactly(List.of(new OutboxRecord(eventId, "MADE", "purchases", "a", payload, Map.of())));
		assertThat(jdbc().queryForList("SELECT event_id, event_type, topic, partition_key, payload FROM outbox"))
			.singleElement()
			.satisfies((row) -> assertThat(row.values()).map(String::valueOf)
				.containsExactly(eventId.toString(), "MADE", "purchases", "a", payload));
	}

	@Test
	void nothingIsStoredBeforeTheCommit() {
		inTransaction(() -> {
			publish("a");
			assertThat(stored()).isEmpty();
			assertThat(handovers().all()).isEmpty();
		});
		assertPublished("a");
	}

	@Test
	void whatIsStoredIsAnnouncedBeforeTheCommitAndHandedOverAfterIt() {
		dataSource().failNextCommit();
		Throwable failure = catchThrowable(() -> inTransaction(() -> {
			publish("a");
			publish("b");
			assertThat(handovers().announced()).isEmpty();
		}));
		assertThat(failure).isInstanceOf(TransactionException.class);
		assertThat(handovers().announced()).containsExactly(List.of("a", "b"));
		assertThat(handovers().keys()).isEmpty();
	}

	@Test
	void oneStatementStoresTenEvents() {
		inTransaction(() -> IntStream.range(0, 10).forEach((i) -> publish("key-" + i)));
		assertThat(dataSource().statements("")).singleElement()
			.satisfies((sql) -> assertThat(sql).startsWith("insert into outbox")
				.matches((text) -> text.chars().filter((c) -> c == '?').count() == 10 * 6));
		assertThat(stored()).hasSize(10);
	}

	@Test
	void transactionWithoutEventsCostsNothing() {
		inTransaction(() -> purchase("a"));
		assertThat(dataSource().statements("")).hasSize(1);
		assertThat(handovers().all()).isEmpty();
	}

	@Test
	void insertThatFailsTakesTheBusinessBack() {
		refuse("bad");
		assertThatExceptionOfType(DataIntegrityViolationException.class).isThrownBy(() -> inTransaction(() -> {
			purchase("a");
			publish("good");
			publish("bad");
		})).withMessageContaining("REFUSED");
		assertNothingIsPublished();
		assertThat(purchases()).isEmpty();
		assertConnectionIsClean();
	}

	@Test
	void transactionThatHasTimedOutIsTakenBack() {
		TransactionTemplate template = transaction(TransactionDefinition.PROPAGATION_REQUIRED);
		template.setTimeout(1000);
		assertThatExceptionOfType(OutboxException.class).isThrownBy(() -> template.executeWithoutResult((status) -> {
			purchase("a");
			publish("a");
			timeOut();
		})).withMessageContaining("could not be stored").withCauseInstanceOf(TransactionTimedOutException.class);
		assertNothingIsPublished();
		assertThat(purchases()).isEmpty();
		assertConnectionIsClean();
	}

	@Test
	void commitThatFailsHandsNothingOver() {
		Throwable thrown = catchThrowable(() -> inTransaction(() -> {
			purchase("a");
			publish("a");
			dataSource().failNextCommit();
		}));
		assertThat(thrown).isInstanceOfAny(DataAccessException.class, TransactionException.class);
		assertThat(handovers().all()).isEmpty();
		inTransaction(() -> publish("b"));
		assertThat(handovers().keys()).containsExactly("b");
	}

	@Test
	void handoverThatFailsDoesNotReachTheCaller() {
		handovers().fail();
		assertThatNoException().isThrownBy(() -> inTransaction(() -> {
			purchase("a");
			publish("a");
		}));
		assertThat(stored()).containsExactly("a");
		assertThat(purchases()).containsExactly("a");
		handovers().clear();
		inTransaction(() -> publish("b"));
		assertThat(stored()).containsExactly("a", "b");
		assertThat(handovers().keys()).containsExactly("b");
	}

	private void refuse(String key) {
		jdbc().execute("ALTER TABLE outbox ADD CONSTRAINT refused CHECK (partition_key <> '" + key + "')");
	}

	private void timeOut() {
		ConnectionHolder holder = (ConnectionHolder) Objects
			.requireNonNull(TransactionSynchronizationManager.getResource(dataSource()));
		holder.setTimeoutInMillis(-1);
	}

	private void assertConnectionIsClean() {
		assertThat(TransactionSynchronizationManager.getResourceMap()).isEmpty();
		assertThat(TransactionSynchronizationManager.isSynchronizationActive()).isFalse();
		inTransaction(() -> publish("the next"));
		assertThat(handovers().keys()).containsExactly("the next");
	}

	private UUID inTransactionReturning(Supplier<UUID> work) {
		UUID result = transaction(TransactionDefinition.PROPAGATION_REQUIRED).execute((status) -> work.get());
		assertThat(result).isNotNull();
		return result;
	}

}
