package dev.outbox.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * While a transaction stays open that may look at what was there when it began, the
 * database keeps all that was cleared since: as many events as
 * {@code -Doutbox.test.cleared} says. Only who looks for the first row of the table, or
 * of a key of which nothing is known, has to read over them.
 */
interface OldSnapshotContract extends OnDatabase {

	@Tag("long")
	@Test
	default void whatAnOpenTransactionKeepsMakesNeitherDispatchNorClearingSlower() throws SQLException {
		int cleared = Integer.getInteger("outbox.test.cleared", 30_000);
		try (TestDatabase fresh = new TestDatabase(createDatabase());
				Connection open = fresh.pool().getConnection();
				Statement statement = open.createStatement()) {
			OutboxTimes unused = new OutboxTimes(fresh, "unused_");
			OutboxTimes used = new OutboxTimes(fresh, "used_");
			open.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
			open.setAutoCommit(false);
			statement.execute("SELECT COUNT(*) FROM used_outbox");
			unused.use(1000);
			used.use(cleared);
			OutboxTimes.compare(unused, used, 200,
					Map.of("publish", 3.0, "dispatch one key", 3.0, OutboxTimes.MANY_KEYS, 3.0, "clear", 3.0),
					fresh.product() + ", us at the median beside an open transaction: %s, after " + cleared
							+ " cleared events %s");
			open.rollback();
		}
	}

}
