package dev.outbox.jdbc;

import java.time.Duration;

import com.zaxxer.hikari.HikariDataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Everything at once, at the database's default isolation level, for some seconds or for
 * as many as {@code -Doutbox.test.load.seconds} says.
 */
interface LoadContract extends OnDatabase {

	/**
	 * The query for the number of deadlocks that the database has seen so far.
	 * @return the query
	 */
	String deadlocks();

	@Tag("long")
	@Test
	default void noDeadlockOrLockTimeoutReachesAWriter() throws Exception {
		long deadlocks = database().number(deadlocks());
		try (HikariDataSource pool = database().pool((config) -> config.setMaximumPoolSize(StoreLoad.THREADS))) {
			StoreLoad load = new StoreLoad(database(), pool);
			load.run(Duration.ofSeconds(Integer.getInteger("outbox.test.load.seconds", 3)));
			System.out.printf("%s: %s, %d deadlocks met within%n", database().product(), load,
					database().number(deadlocks()) - deadlocks);
			assertThat(load.failuresOfWriters()).isEmpty();
			assertThat(load.failuresOfOthers()).isEmpty();
			assertThat(load.published()).isPositive().isEqualTo(load.cleared() + load.parked());
		}
		assertThat(database().stored()).isEmpty();
	}

}
