package dev.outbox.jdbc;

import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

import org.junit.jupiter.api.io.TempDir;

/**
 * The contract on H2. It is in the same JVM, so that there is no connection to lose.
 */
class H2Tests extends DatabaseContract {

	@TempDir
	private Path folder;

	@Override
	public String createDatabase() {
		return "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";
	}

	@Override
	public String createLargeDatabase() {
		return "jdbc:h2:" + this.folder.resolve(UUID.randomUUID().toString()).toAbsolutePath();
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
