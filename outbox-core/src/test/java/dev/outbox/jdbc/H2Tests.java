package dev.outbox.jdbc;

import java.util.List;
import java.util.UUID;

/**
 * The contract on H2. It is in the same JVM, so that there is no connection to lose.
 */
class H2Tests extends DatabaseContract {

	@Override
	public String createDatabase() {
		return "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";
	}

	@Override
	public List<String> zones() {
		return List.of("UTC", "Europe/Berlin", "America/St_Johns");
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
