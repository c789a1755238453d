package dev.outbox.jdbc;

import dev.outbox.OutboxMonitor;
import dev.outbox.schema.FlywaySchemaMigration;
import dev.outbox.testsupport.PostgresServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the statements read when the table was empty and known to be so for as long as the
 * connection has used them, and then fills faster than its statistics follow.
 */
class StatementPlanTests {

	private static final int BACKLOG = 110_000;

	private final SingleConnectionDataSource dataSource = new SingleConnectionDataSource(
			PostgresServer.shared().createDatabase(), true);

	private final JdbcTemplate jdbc = new JdbcTemplate(this.dataSource);

	private final HotStatements statements = new HotStatements(this.dataSource, SqlDialect.POSTGRESQL);

	@BeforeEach
	void fillAnEmptyTableThatHasLongBeenUsed() {
		new FlywaySchemaMigration(this.dataSource, "postgresql").migrate();
		this.jdbc.execute("ALTER TABLE outbox SET (autovacuum_enabled = off)");
		this.jdbc.execute("VACUUM ANALYZE outbox");
		for (int i = 0; i < 20; i++) {
			useEachStatement();
		}
		this.jdbc.update("INSERT INTO outbox (event_id, event_type, topic, partition_key, payload, created_at) "
				+ "SELECT gen_random_uuid(), 'X', 'topic', (g % ?)::text, repeat('x', 300), clock_timestamp() "
				+ "FROM generate_series(1, ?) g", HotStatements.KEYS, BACKLOG);
	}

	@AfterEach
	void close() {
		this.dataSource.destroy();
	}

	@Test
	void noStatementOfTheHotPathReadsTheWholeTable() {
		this.statements.all().forEach((statement) -> {
			long before = rowsRead();
			statement.execution().run();
			assertThat(rowsRead() - before).as("rows read for '%s'", statement.name())
				.isLessThanOrEqualTo(8L * statement.rows());
		});
	}

	// Four questions in each of twenty rounds, from the first or second time on.
	@Test
	void whatPrecedesAnEventIsNeverPlannedForItsValues() {
		assertThat(this.jdbc.queryForObject(
				"SELECT COUNT(*) FROM pg_prepared_statements WHERE statement LIKE '%unnest%' AND generic_plans > 78 AND custom_plans = 0",
				Integer.class))
			.isOne();
	}

	@Test
	void statusIsCountedOnlyUpToItsBound() {
		OutboxMonitor monitor = new JdbcOutboxMonitor(new OutboxJdbc(this.dataSource, SqlDialect.POSTGRESQL, "me"),
				TestDatabase.health());
		assertThat(monitor.status().pending()).isEqualTo(100_000);
		this.jdbc.update("INSERT INTO outbox_parked SELECT outbox_id, event_id, event_type, topic, partition_key, "
				+ "payload, headers, created_at, 'refused', 'E', created_at, 'me' FROM outbox");
		assertThat(monitor.status().parked()).isEqualTo(100_000);
	}

	private void useEachStatement() {
		this.statements.all().forEach((statement) -> statement.execution().run());
	}

	private long rowsRead() {
		this.jdbc.execute("SELECT pg_stat_force_next_flush()");
		Long rows = this.jdbc
			.queryForObject("SELECT SUM(seq_tup_read + COALESCE(idx_tup_fetch, 0)) FROM pg_stat_user_tables "
					+ "WHERE relname IN ('outbox', 'outbox_attempt')", Long.class);
		return (rows != null) ? rows : 0;
	}

}
