package dev.outbox.jdbc;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

import com.zaxxer.hikari.HikariDataSource;
import dev.outbox.relay.RelayLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How {@link JdbcRelayLock} chooses one of several instances.
 */
interface RelayLockContract extends OnDatabase {

	Duration LEASE = Duration.ofMinutes(1);

	@Test
	default void oneInstanceHoldsTheLockAndRenewsIt() {
		assertThat(lock("one").acquire(LEASE)).isTrue();
		assertThat(lock("two").acquire(LEASE)).isFalse();
		assertThat(lock("one").acquire(LEASE)).as("renewed").isTrue();
		assertThat(lock("two").acquire(LEASE)).isFalse();
	}

	@Test
	default void lockIsLookedAtWithoutBeingAcquired() {
		assertThat(lock("one").look(LEASE)).isEqualTo(new RelayLock.Look(true, false));
		lock("two").acquire(LEASE);
		assertThat(lock("one").look(LEASE).free()).isFalse();
		assertThat(lock("two").look(LEASE).free()).as("one's own").isTrue();
		setEnd(Instant.now().plus(Duration.ofHours(1)));
		assertThat(lock("one").look(LEASE).free()).as("an end that a wrong clock has set").isTrue();
		setEnd(Instant.now().minusSeconds(5));
		assertThat(lock("one").look(LEASE).free()).isTrue();
	}

	@Test
	default void releasedLockIsFreeForOthers() {
		lock("one").acquire(LEASE);
		lock("two").release();
		assertThat(lock("two").acquire(LEASE)).as("released by another than the holder").isFalse();
		lock("one").release();
		assertThat(lock("two").acquire(LEASE)).isTrue();
	}

	@Test
	default void leaseEndsByTheClockOfTheDatabase() {
		lock("one").acquire(LEASE);
		setEnd(Instant.now().plusSeconds(30));
		assertThat(lock("two").acquire(LEASE)).isFalse();
		setEnd(Instant.now().minusSeconds(5));
		assertThat(lock("two").acquire(LEASE)).isTrue();
		assertThat(lock("one").acquire(LEASE)).isFalse();
		lock("one").release();
		assertThat(lock("three").acquire(LEASE)).as("released by the former holder").isFalse();
	}

	@Test
	default void leaseLastsAsLongAsAsked() {
		lock("one").acquire(Duration.ofMillis(1500));
		String left = database().dialect().age("locked_until");
		assertThat(database().sql().queryForObject("SELECT %s FROM outbox_lock".formatted(left), Long.class))
			.isBetween(-1500L, 60_000L)
			.as("milliseconds since the end, unless the machine is slow")
			.isLessThan(5000);
		lock("one").acquire(Duration.ofHours(1));
		assertThat(database().sql().queryForObject("SELECT %s FROM outbox_lock".formatted(left), Long.class))
			.isBetween(-3_600_000L, -3_500_000L);
	}

	@Test
	default void endThatAWrongClockHasSetIsNotKept() {
		lock("one").acquire(LEASE);
		setEnd(Instant.now().plus(Duration.ofDays(365)));
		assertThat(lock("two").acquire(LEASE)).isTrue();
	}

	@Test
	default void leaseOutlivesTheConnectionThatTookIt() {
		try (HikariDataSource pool = database().pool((config) -> {
		})) {
			assertThat(new JdbcRelayLock(database().outbox(pool, "one")).acquire(LEASE)).isTrue();
		}
		assertThat(lock("two").acquire(LEASE)).isFalse();
		assertThat(lock("one").acquire(LEASE)).isTrue();
	}

	@Test
	default void longNameOfAnInstanceIsCut() {
		assertThat(lock("ü".repeat(300)).acquire(LEASE)).isTrue();
		assertThat(lock("ü".repeat(300)).acquire(LEASE)).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "TRANSACTION_READ_COMMITTED", "TRANSACTION_REPEATABLE_READ", "TRANSACTION_SERIALIZABLE" })
	default void oneOfThoseThatTryAtOnceGetsTheLock(String level) throws Exception {
		try (HikariDataSource pool = database().pool((config) -> config.setTransactionIsolation(level))) {
			for (int round = 0; round < 10; round++) {
				List<Callable<Boolean>> instances = new ArrayList<>();
				for (int i = 0; i < 4; i++) {
					JdbcRelayLock lock = new JdbcRelayLock(database().outbox(pool, "instance-" + i));
					instances.add(() -> lock.acquire(LEASE));
				}
				assertThat(Together.call(instances)).containsOnlyOnce(true);
				database().empty();
			}
		}
	}

	private void setEnd(Instant instant) {
		database().sql().update("UPDATE outbox_lock SET locked_until = " + database().literal(instant));
	}

	private JdbcRelayLock lock(String instance) {
		return new JdbcRelayLock(database().outbox(database().pool(), instance));
	}

}
