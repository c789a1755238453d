package dev.outbox.jdbc;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import dev.outbox.OutboxException;
import dev.outbox.schema.SchemaCheck;
import dev.outbox.store.OutboxRecord;
import dev.outbox.store.PlacedEvent;
import dev.outbox.testsupport.PostgresServer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * What PostgreSQL tells of the place of an event along with its insert.
 */
class PlacedEventTests {

	private final TestDatabase database = new TestDatabase(PostgresServer.shared().createDatabase());

	private final TransactionTemplate transaction = new TransactionTemplate(
			new JdbcTransactionManager(this.database.pool()));

	@AfterEach
	void close() {
		this.database.close();
	}

	@Test
	void anEventIsPrecededByTheLastPendingOneOfItsKey() {
		insert("b");
		PlacedEvent first = insert("a");
		PlacedEvent second = insert("a");
		PlacedEvent third = insert("a");
		assertThat(first.preceding()).isZero();
		assertThat(second.preceding()).isEqualTo(first.id());
		assertThat(third.preceding()).isEqualTo(second.id());
		this.database.store().clear(ids(second));
		assertThat(insert("a").preceding()).isEqualTo(third.id());
		this.database.store().clear(this.database.stored());
		assertThat(insert("a").preceding()).isZero();
		assertThat(insert("A").preceding()).isZero();
		assertThat(insert("á").preceding()).isZero();
	}

	@Test
	void whatLiesBelowAnIdThatWasSentDoesNotMatter() {
		PlacedEvent first = insert("a");
		PlacedEvent second = insert("a");
		List<PlacedEvent> placed = new ArrayList<>();
		this.transaction.executeWithoutResult((status) -> {
			placed.addAll(this.database.store().insert(events("a"), (key) -> second.id()));
			placed.addAll(this.database.store().insert(events("b"), (key) -> second.id()));
		});
		assertThat(placed).map(PlacedEvent::preceding).containsOnly(second.id());
		this.transaction.executeWithoutResult((status) -> placed
			.addAll(this.database.store().insert(events("a", "c"), (key) -> key.partitionKey().equals("a") ? 100 : 1)));
		assertThat(placed.get(2).preceding()).as("each key has its own").isEqualTo(100);
		assertThat(placed.get(3).preceding()).isEqualTo(1);
		assertThat(first.preceding()).isZero();
	}

	@Test
	void anotherTopicsEventCountsSoThatNoneIsOverlooked() {
		PlacedEvent first = insert("a");
		OutboxRecord other = new OutboxRecord(UUID.randomUUID(), "PAID", "order.paid", "a", "{}",
				first.event().headers());
		this.database.insert(other);
		assertThat(insert("a").preceding()).isGreaterThan(first.id());
	}

	@Test
	void eventsOfOneTransactionPrecedeEachOther() {
		PlacedEvent former = insert("a");
		List<PlacedEvent> placed = new ArrayList<>();
		this.transaction.executeWithoutResult((status) -> {
			placed.addAll(this.database.store().insert(events("a", "b", "a"), (key) -> 0));
			placed.addAll(this.database.store().insert(events("a", "b"), (key) -> 0));
		});
		assertThat(placed).map((event) -> event.event().partitionKey()).containsExactly("a", "b", "a", "a", "b");
		assertThat(placed).map(PlacedEvent::id).isSorted();
		assertThat(placed).map(PlacedEvent::preceding)
			.containsExactly(former.id(), 0L, placed.get(0).id(), placed.get(2).id(), placed.get(1).id());
	}

	@Test
	void eachEventOfALargeTransactionHasItsPlace() {
		List<OutboxRecord> events = TestDatabase.events(1200);
		List<PlacedEvent> placed = new ArrayList<>();
		this.transaction
			.executeWithoutResult((status) -> placed.addAll(this.database.store().insert(events, (key) -> 0)));
		assertThat(placed).map(PlacedEvent::event).containsExactlyElementsOf(events);
		for (int i = 0; i < placed.size(); i++) {
			assertThat(placed.get(i).preceding()).isEqualTo((i < 10) ? 0 : placed.get(i - 10).id());
		}
	}

	@Test
	void whatWasCommittedSinceTheTransactionBeganPrecedesAndWhatIsNotCommittedDoesNot() {
		this.transaction.executeWithoutResult((status) -> {
			this.database.sql().queryForList("SELECT outbox_id FROM outbox");
			PlacedEvent meanwhile = insertInAnotherTransaction("a");
			PlacedEvent own = this.database.store().insert(events("a"), (key) -> 0).get(0);
			assertThat(own.preceding()).isEqualTo(meanwhile.id());
			assertThat(insertInAnotherTransaction("a").preceding()).isEqualTo(meanwhile.id());
		});
	}

	@ParameterizedTest
	@ValueSource(
			ints = { TransactionDefinition.ISOLATION_REPEATABLE_READ, TransactionDefinition.ISOLATION_SERIALIZABLE })
	void aTransactionWithAnOldViewDoesNotKnow(int isolation) {
		this.transaction.setIsolationLevel(isolation);
		assertThat(insert("a").preceding()).isEqualTo(PlacedEvent.UNKNOWN);
	}

	@Test
	void withoutTheFunctionTheApplicationDoesNotStart() {
		this.database.sql().execute("DROP FUNCTION outbox_preceding");
		assertThatExceptionOfType(OutboxException.class).isThrownBy(check(this.database.pool()))
			.withMessageContainingAll("Function outbox_preceding is missing", "db/postgresql");
	}

	@Test
	void withoutTheRightToExecuteTheFunctionTheApplicationDoesNotStart() {
		String role = "clerk_" + UUID.randomUUID().toString().replace("-", "");
		this.database.sql()
			.execute("CREATE ROLE %1$s; GRANT ALL ON ALL TABLES IN SCHEMA public TO %1$s".formatted(role)
					+ "; REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC");
		try (HikariDataSource pool = this.database.pool((config) -> config.setConnectionInitSql("SET ROLE " + role))) {
			assertThatExceptionOfType(OutboxException.class).isThrownBy(check(pool))
				.withMessageContainingAll("Function outbox_preceding", "may not be executed", "permission denied");
			this.database.sql().execute("GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO " + role);
			assertThatNoException().isThrownBy(check(pool));
		}
	}

	@Test
	void theFunctionOfAnotherSchemaIsRefused() {
		this.database.sql().execute("CREATE SCHEMA other; ALTER FUNCTION outbox_preceding SET SCHEMA other");
		try (HikariDataSource pool = this.database
			.pool((config) -> config.setConnectionInitSql("SET search_path = public, other"))) {
			assertThatExceptionOfType(OutboxException.class).isThrownBy(check(pool))
				.withMessageContaining("is not in the schema of table outbox");
		}
	}

	@Test
	void nobodyIsToldWhoDoesNotAsk() {
		JdbcOutboxStore store = new JdbcOutboxStore(this.database.outbox(), false);
		OutboxRecord event = TestDatabase.event("a");
		assertThat(store.insert(List.of(event), (key) -> 0)).containsExactly(PlacedEvent.unplaced(event));
		assertThat(this.database.stored()).containsExactly(event.eventId());
	}

	private static ThrowingCallable check(DataSource dataSource) {
		return new SchemaCheck(dataSource, "postgresql")::check;
	}

	private PlacedEvent insertInAnotherTransaction(String key) {
		TransactionTemplate another = new TransactionTemplate(new JdbcTransactionManager(this.database.pool()));
		another.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
		return insert(another, key);
	}

	private PlacedEvent insert(String key) {
		return insert(this.transaction, key);
	}

	private PlacedEvent insert(TransactionTemplate transaction, String key) {
		List<PlacedEvent> placed = new ArrayList<>();
		transaction
			.executeWithoutResult((status) -> placed.addAll(this.database.store().insert(events(key), (other) -> 0)));
		return placed.get(0);
	}

	private static List<OutboxRecord> events(String... keys) {
		return List.of(keys).stream().map(TestDatabase::event).toList();
	}

	private static List<UUID> ids(PlacedEvent placed) {
		return List.of(placed.event().eventId());
	}

}
