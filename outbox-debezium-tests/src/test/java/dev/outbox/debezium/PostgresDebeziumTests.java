package dev.outbox.debezium;

import java.net.URI;
import java.util.Map;

import dev.outbox.testsupport.PostgresServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.awaitility.Awaitility.await;

/**
 * Debezium on PostgreSQL.
 */
@Tag("long")
class PostgresDebeziumTests extends AbstractDebeziumTests {

	private static PostgresServer server;

	private static String url;

	@BeforeAll
	static void start() {
		server = PostgresServer.start(Map.of("wal_level", "logical"));
		url = server.createDatabase();
	}

	@AfterAll
	static void close() {
		server.close();
	}

	@DynamicPropertySource
	static void database(DynamicPropertyRegistry registry) {
		registry.add("spring.datasource.url", () -> url);
	}

	@Override
	String section() {
		return "PostgreSQL";
	}

	@Override
	Table table() {
		return new Table("public", "outbox");
	}

	@Override
	String otherSchema() {
		return "sales";
	}

	@Override
	String adapt(String documented, Table table) {
		return documented.replace("public.outbox", table.toString())
			.replace("SCHEMA public", "SCHEMA " + table.schema());
	}

	@Override
	Map<String, String> address() {
		URI address = URI.create(url.substring("jdbc:".length()));
		return Map.of("database.hostname", address.getHost(), "database.port", Integer.toString(address.getPort()),
				"database.dbname", address.getPath().substring(1), "status.update.interval.ms", "100");
	}

	@Override
	void forbid() {
		await().until(() -> {
			jdbc()
				.queryForList("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE NOT active");
			return jdbc().queryForList("SELECT slot_name FROM pg_replication_slots").isEmpty();
		});
		jdbc().execute("DROP PUBLICATION outbox; DROP OWNED BY outbox_reader; DROP USER outbox_reader");
	}

	@Override
	String endOfTheLog() {
		return String.valueOf(jdbc().queryForObject("SELECT pg_current_wal_lsn()", String.class));
	}

	@Override
	boolean hasPassed(Connector connector, String place) {
		return Boolean.TRUE.equals(jdbc().queryForObject(
				"SELECT bool_and(confirmed_flush_lsn > ?::pg_lsn) FROM pg_replication_slots", Boolean.class, place));
	}

	@Override
	void reclaim() {
		jdbc().execute("VACUUM outbox");
	}

}
