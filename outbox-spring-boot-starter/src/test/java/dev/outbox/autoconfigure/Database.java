package dev.outbox.autoconfigure;

import java.util.UUID;

import dev.outbox.testsupport.MariaDbServer;
import dev.outbox.testsupport.MySqlServer;
import dev.outbox.testsupport.PostgresServer;

/**
 * The databases that the tables are tested on.
 */
enum Database {

	H2, H2_AS_MYSQL, POSTGRESQL, MARIADB, MYSQL;

	/**
	 * Create an empty database.
	 * @return its URL
	 */
	String create() {
		return switch (this) {
			case H2 -> h2("");
			case H2_AS_MYSQL -> h2(";MODE=MySQL;DATABASE_TO_LOWER=TRUE");
			case POSTGRESQL -> PostgresServer.shared().createDatabase();
			case MARIADB -> MariaDbServer.shared().createDatabase();
			case MYSQL -> MySqlServer.shared().createDatabase();
		};
	}

	/**
	 * The statement that drops a schema with all that is in it.
	 * @param schema its name
	 * @return the statement
	 */
	String dropSchema(String schema) {
		return (this == MARIADB || this == MYSQL) ? "DROP SCHEMA `" + schema + "`"
				: "DROP SCHEMA \"" + schema + "\" CASCADE";
	}

	private static String h2(String mode) {
		return "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1" + mode;
	}

}
