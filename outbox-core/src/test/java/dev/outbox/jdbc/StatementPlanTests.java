package dev.outbox.jdbc;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.outbox.store.OrderingKey;
import dev.outbox.store.OutboxRecord;
import dev.outbox.store.PendingQuery;
import dev.outbox.testsupport.PostgresServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.core.io.FileSystemResource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the statements read when the table was empty and known to be so for as long as the
 * connection has used them, and then fills faster than its statistics follow.
 */
class StatementPlanTests {

	private static final int BACKLOG = 100_000;

	private static final Map<String, Consumer<StatementPlanTests>> STATEMENTS = Map.of("insert",
			(tests) -> tests.store
				.insert(List.of(new OutboxRecord(UUID.randomUUID(), "X", "topic", "1", "x", Map.of()))),
			"pending of one key", (tests) -> tests.store.pending(queries(1)), "pending of many keys",
			(tests) -> tests.store.pending(queries(64)), "pending of one id", (tests) -> tests.store.pending(ids(1)),
			"pending of many ids", (tests) -> tests.store.pending(ids(200)), "clear one",
			(tests) -> tests.store.clear(ids(1)), "clear many", (tests) -> tests.store.clear(ids(200)), "oldest",
			(tests) -> assertThat(tests.relayStore.oldestAge()).isNotNull(), "page",
			(tests) -> assertThat(tests.relayStore.page(0, 100)).isNotNull());

	private final SingleConnectionDataSource dataSource = new SingleConnectionDataSource(
			PostgresServer.shared().createDatabase(), true);

	private final JdbcTemplate jdbc = new JdbcTemplate(this.dataSource);

	private final OutboxJdbc outbox = new OutboxJdbc(this.dataSource, SqlDialect.POSTGRESQL, "me");

	private final JdbcOutboxStore store = new JdbcOutboxStore(this.outbox);

	private final JdbcRelayStore relayStore = new JdbcRelayStore(this.outbox);

	@BeforeEach
	void fillAnEmptyTableThatHasLongBeenUsed() {
		new ResourceDatabasePopulator(new FileSystemResource("../db/postgresql/V1__outbox.sql"))
			.execute(this.dataSource);
		this.jdbc.execute("ALTER TABLE outbox SET (autovacuum_enabled = off)");
		this.jdbc.execute("VACUUM ANALYZE outbox");
		for (int i = 0; i < 20; i++) {
			useEachStatement();
		}
		this.jdbc.update("INSERT INTO outbox (event_id, event_type, topic, partition_key, payload, created_at) "
				+ "SELECT gen_random_uuid(), 'X', 'topic', (g % 1000)::text, repeat('x', 300), clock_timestamp() "
				+ "FROM generate_series(1, ?) g", BACKLOG);
	}

	@AfterEach
	void close() {
		this.dataSource.destroy();
	}

	@Test
	void noStatementOfTheHotPathReadsTheWholeTable() {
		Map<String, Long> read = new LinkedHashMap<>();
		STATEMENTS.forEach((name, statement) -> {
			long before = rowsReadByScans();
			statement.accept(this);
			read.put(name, rowsReadByScans() - before);
		});
		assertThat(read).allSatisfy((name, rows) -> assertThat(rows).isZero());
	}

	private void useEachStatement() {
		STATEMENTS.values().forEach((statement) -> statement.accept(this));
	}

	private static List<PendingQuery> queries(int count) {
		return IntStream.range(0, count)
			.mapToObj((key) -> new PendingQuery(new OrderingKey("topic", String.valueOf(key)), 0, 2))
			.toList();
	}

	private static Collection<UUID> ids(int count) {
		return Stream.generate(UUID::randomUUID).limit(count).toList();
	}

	private long rowsReadByScans() {
		this.jdbc.execute("SELECT pg_stat_force_next_flush()");
		Long rows = this.jdbc.queryForObject("SELECT seq_tup_read FROM pg_stat_user_tables WHERE relname = 'outbox'",
				Long.class);
		return (rows != null) ? rows : 0;
	}

}
