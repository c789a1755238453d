package dev.outbox.autoconfigure.publish;

import javax.sql.DataSource;

import dev.outbox.OutboxException;
import jakarta.persistence.FlushModeType;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * The persistence context is flushed before events draw their ids: the aggregates' locks
 * are held by then.
 */
class JpaFlushTests extends AbstractJpaTests {

	@Nested
	class Flushing {

		@ParameterizedTest
		@EnumSource
		void aggregateIsWrittenAndLockedBeforeItsEventDrawsAnId(FlushModeType mode) {
			inTransaction(() -> {
				entities().setFlushMode(mode);
				deposit(1);
				publish("a");
			});
			assertThat(dataSource().statements("update account", "insert into outbox"))
				.extracting(AbstractJpaTests::verb)
				.containsExactly("update account", "insert into");
			assertPublished("a");
			assertThat(balance(1)).isEqualTo(1);
		}

		@Test
		void newAggregateIsWrittenBeforeItsEvent() {
			inTransaction(() -> {
				publish("3");
				entities().persist(new Account(3));
			});
			assertThat(dataSource().statements("insert into account", "insert into outbox")).hasSize(2)
				.first()
				.asString()
				.startsWith("insert into account");
			assertPublished("3");
		}

		@Test
		void lockIsHeldWhenTheEventIsInserted() {
			refuse("a", () -> assertThatExceptionOfType(DataIntegrityViolationException.class)
				.isThrownBy(() -> inTransaction(() -> {
					deposit(1);
					publish("a");
				})));
			assertThat(dataSource().statements("update account")).hasSize(1);
			assertThat(balance(1)).isZero();
			assertNothingIsPublished();
		}

		@Test
		void eventsBeforeAndAfterAFlushAreAllStored() {
			inTransaction(() -> {
				deposit(1);
				publish("a");
				entities().flush();
				publish("b");
				deposit(2);
				entities().flush();
				entities().clear();
				publish("c");
			});
			assertPublished("a", "b", "c");
		}

		@Test
		void transactionWithoutEventsIsNotFlushedByTheOutbox() {
			inTransaction(() -> deposit(1));
			assertThat(dataSource().statements("update account")).hasSize(1);
			assertThat(dataSource().statements("insert into outbox")).isEmpty();
		}

	}

	@Nested
	class EntityListeners {

		@Test
		void eventThatTheFlushPublishesIsStoredToo() {
			Account.Listener.beforeUpdate = (account) -> publish("account " + account.id());
			inTransaction(() -> {
				deposit(1);
				deposit(2);
				publish("a");
			});
			assertPublished("a", "account 1", "account 2");
		}

		@Test
		void eventOfAFlushByTheApplicationIsStored() {
			Account.Listener.afterUpdate = (account) -> publish("account " + account.id());
			inTransaction(() -> {
				deposit(1);
				entities().flush();
			});
			assertPublished("account 1");
		}

		@Test
		void eventOfTheCommitsOwnFlushComesTooLateAndIsRefused() {
			Account.Listener.beforeUpdate = (account) -> publish("account " + account.id());
			Throwable thrown = catchThrowable(() -> inTransaction(() -> deposit(1)));
			assertThat(NestedExceptionUtils.getMostSpecificCause(thrown)).isInstanceOf(OutboxException.class);
			assertNothingIsPublished();
			assertThat(balance(1)).isZero();
		}

		@Test
		void listenerMayUseAnotherDatabase() {
			DataSource other = otherDatabase();
			Account.Listener.beforeUpdate = (account) -> new JdbcTemplate(other).execute("SELECT 1");
			inTransaction(() -> {
				deposit(1);
				publish("a");
			});
			assertPublished("a");
			assertThat(balance(1)).isEqualTo(1);
		}

	}

}
