package dev.outbox.testsupport;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

import org.opentest4j.TestAbortedException;

/**
 * The databases that the outbox is tested on.
 */
public enum Database {

	/**
	 * H2.
	 */
	H2,

	/**
	 * H2 in its MySQL mode.
	 */
	H2_AS_MYSQL,

	/**
	 * PostgreSQL.
	 */
	POSTGRESQL,

	/**
	 * MariaDB.
	 */
	MARIADB,

	/**
	 * MySQL.
	 */
	MYSQL;

	/**
	 * Create an empty database.
	 * @return its URL
	 */
	public String create() {
		return switch (this) {
			case H2 -> h2("");
			case H2_AS_MYSQL -> h2(";MODE=MySQL;DATABASE_TO_LOWER=TRUE");
			default -> server().createDatabase();
		};
	}

	/**
	 * The one server for all tests of this JVM that do it no harm.
	 * @return the server
	 * @throws IllegalStateException if the database has no server
	 */
	public DatabaseServer server() {
		return switch (this) {
			case POSTGRESQL -> PostgresServer.shared();
			case MARIADB -> MariaDbServer.shared();
			case MYSQL -> MySqlServer.shared();
			default -> throw new IllegalStateException(this + " runs within the JVM");
		};
	}

	/**
	 * The folder in which the scripts for this database lie.
	 * @return the name of the vendor
	 */
	public String vendor() {
		return (this == H2_AS_MYSQL) ? "h2" : name().toLowerCase(Locale.ROOT);
	}

	/**
	 * The statement that drops a schema with all that is in it.
	 * @param schema its name
	 * @return the statement
	 */
	public String dropSchema(String schema) {
		return "DROP SCHEMA " + quoted(schema) + ((this == MARIADB || this == MYSQL) ? "" : " CASCADE");
	}

	/**
	 * Put a name into the quotes of this database, which keep its case.
	 * @param name the name
	 * @return the quoted name
	 */
	public String quoted(String name) {
		return (this == MARIADB || this == MYSQL) ? "`" + name + "`" : "\"" + name + "\"";
	}

	/**
	 * Create a user who may read and write the rows of all tables that are there or that
	 * others create, but who may not create any.
	 * @param url the URL of a database
	 * @return the URL of the same database for that user
	 * @throws TestAbortedException if the server knows no rights
	 */
	public String forUserWithoutDdl(String url) {
		String user = "clerk_" + UUID.randomUUID().toString().replace("-", "").substring(0, 20);
		switch (this) {
			case H2, H2_AS_MYSQL -> {
				execute(url, "CREATE USER %s PASSWORD 'clerk'".formatted(user),
						"GRANT SELECT, INSERT, UPDATE, DELETE ON SCHEMA PUBLIC TO " + user);
				return url.replace("USER=sa;DB_CLOSE_DELAY=-1", "USER=" + user + ";PASSWORD=clerk");
			}
			case POSTGRESQL -> {
				execute(url, "CREATE ROLE %s LOGIN".formatted(user), "GRANT USAGE ON SCHEMA public TO " + user,
						"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO "
								+ user);
				return url.replace("user=postgres", "user=" + user);
			}
			case MYSQL -> {
				String name = url.replaceFirst("jdbc:mysql://[^/]+/([^?]*).*", "$1");
				execute(url, "CREATE USER %s".formatted(user),
						"GRANT SELECT, INSERT, UPDATE, DELETE ON %s.* TO %s".formatted(name, user));
				return url.replaceFirst("user=[^&]*", "user=" + user).replaceFirst("&password=[^&]*", "");
			}
			default -> throw new TestAbortedException("MariaDB is started without rights");
		}
	}

	private static void execute(String url, String... statements) {
		try (Connection connection = DriverManager.getConnection(url);
				Statement statement = connection.createStatement()) {
			for (String sql : List.of(statements)) {
				statement.execute(sql);
			}
		}
		catch (SQLException ex) {
			throw new IllegalStateException("The server refused: " + String.join("; ", statements), ex);
		}
	}

	private static String h2(String mode) {
		return "jdbc:h2:mem:" + UUID.randomUUID() + ";USER=sa;DB_CLOSE_DELAY=-1" + mode;
	}

}
