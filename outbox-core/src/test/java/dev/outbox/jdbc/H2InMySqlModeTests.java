package dev.outbox.jdbc;

import java.util.List;
import java.util.UUID;

/**
 * The contract on H2 in its MySQL mode, as Spring Boot's users set it.
 */
class H2InMySqlModeTests extends DatabaseContract {

	@Override
	public String createDatabase() {
		return "jdbc:h2:mem:" + UUID.randomUUID()
				+ ";DB_CLOSE_DELAY=-1;MODE=MySQL;DATABASE_TO_LOWER=TRUE;CASE_INSENSITIVE_IDENTIFIERS=TRUE";
	}

	@Override
	public List<String> zones() {
		return List.of("UTC", "Europe/Berlin", "America/St_Johns");
	}

	@Override
	public List<String> countFromZero() {
		return List.of("SET QUERY_STATISTICS FALSE", "SET QUERY_STATISTICS_MAX_ENTRIES 10000",
				"SET QUERY_STATISTICS TRUE");
	}

	@Override
	public String countedStatements() {
		return "SELECT sql_statement, execution_count FROM information_schema.query_statistics";
	}

	@Override
	public String deadlocks() {
		return "SELECT 0";
	}

	@Override
	public String setZone(String zone) {
		return "SET TIME ZONE '" + zone + "'";
	}

}
