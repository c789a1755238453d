package dev.outbox.jdbc;

import java.util.Map;
import java.util.TreeMap;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the statements read and sort, by the counters of the session, in a table of many
 * rows, of which the statistics know or, because it has just filled, do not.
 */
interface IndexUseContract extends OnDatabase {

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	default void statementsReadOnlyWhatTheyNeed(boolean known) throws Exception {
		try (TestDatabase fresh = new TestDatabase(createDatabase())) {
			SingleConnectionDataSource dataSource = new SingleConnectionDataSource(fresh.pool().getConnection(), true);
			JdbcTemplate sql = new JdbcTemplate(dataSource);
			sql.execute("ALTER TABLE outbox STATS_PERSISTENT = 1, STATS_AUTO_RECALC = 0");
			sql.execute("ANALYZE TABLE outbox");
			fill(sql, Integer.getInteger("outbox.test.rows", 100_000));
			if (known) {
				sql.execute("ANALYZE TABLE outbox");
			}
			new HotStatements(dataSource, fresh.dialect()).all().forEach((statement) -> {
				Map<String, Long> before = counters(sql);
				statement.execution().run();
				Map<String, Long> used = counters(sql);
				used.replaceAll((counter, value) -> value - before.getOrDefault(counter, 0L));
				assertThat(sum(used, "Handler_read_")).as("rows read for '%s': %s", statement.name(), used)
					.isLessThanOrEqualTo(8L * statement.rows() + 10);
				assertThat(sum(used, "Sort_")).as("sorted for '%s': %s", statement.name(), used).isZero();
			});
			dataSource.destroy();
		}
	}

	private static long sum(Map<String, Long> counters, String prefix) {
		return counters.entrySet()
			.stream()
			.filter((counter) -> counter.getKey().startsWith(prefix))
			.mapToLong(Map.Entry::getValue)
			.sum();
	}

	private static Map<String, Long> counters(JdbcTemplate sql) {
		Map<String, Long> counters = new TreeMap<>();
		sql.query("SHOW SESSION STATUS WHERE Variable_name LIKE 'Handler\\_read\\_%' OR Variable_name LIKE 'Sort\\_%'",
				(RowCallbackHandler) (row) -> counters.put(row.getString(1), row.getLong(2)));
		return counters;
	}

	private static void fill(JdbcTemplate sql, int rows) {
		for (int key = 0; key < HotStatements.KEYS; key++) {
			sql.update(
					"INSERT INTO outbox (event_id, event_type, topic, partition_key, payload, created_at) "
							+ "VALUES (UUID(), 'X', 'topic', ?, REPEAT('x', 300), UTC_TIMESTAMP(6))",
					String.valueOf(key));
		}
		for (int count = HotStatements.KEYS; count < rows; count *= 2) {
			sql.update("INSERT INTO outbox (event_id, event_type, topic, partition_key, payload, created_at) "
					+ "SELECT UUID(), event_type, topic, partition_key, payload, created_at FROM outbox LIMIT ?",
					Math.min(count, rows - count));
		}
	}

}
