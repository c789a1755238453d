package dev.outbox.jdbc;

import java.util.List;
import java.util.stream.Collectors;

import dev.outbox.testsupport.MySqlServer;
import org.junit.jupiter.api.Tag;

/**
 * The contract on MySQL.
 */
@Tag("long")
class MySqlTests extends DatabaseContract
		implements LostConnectionContract, OldSnapshotContract, LanguageContract, IndexUseContract {

	@Override
	public String createDatabase() {
		return MySqlServer.shared().createDatabase();
	}

	@Override
	public List<String> zones() {
		return List.of("+00:00", "+05:45", "-11:00");
	}

	@Override
	public String setZone(String zone) {
		return "SET time_zone = '" + zone + "'";
	}

	@Override
	public String setGerman() {
		return "SET lc_messages = 'de_DE'";
	}

	@Override
	public List<String> countFromZero() {
		return List.of("TRUNCATE TABLE performance_schema.events_statements_summary_by_digest");
	}

	@Override
	public String countedStatements() {
		return """
				SELECT digest_text, count_star FROM performance_schema.events_statements_summary_by_digest
				WHERE schema_name = DATABASE()""";
	}

	@Override
	public String deadlocks() {
		return "SELECT count FROM information_schema.innodb_metrics WHERE name = 'lock_deadlocks'";
	}

	@Override
	public String lock(List<String> tables) {
		return tables.stream().map((table) -> table + " WRITE").collect(Collectors.joining(", ", "LOCK TABLES ", ""));
	}

	@Override
	public String unlock() {
		return "UNLOCK TABLES";
	}

	@Override
	public String waiting() {
		return """
				SELECT id FROM performance_schema.processlist
				WHERE db = DATABASE() AND state = 'Waiting for table metadata lock'""";
	}

	@Override
	public String kill(long session) {
		return "KILL " + session;
	}

}
