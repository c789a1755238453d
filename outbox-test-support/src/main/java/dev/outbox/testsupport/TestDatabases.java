package dev.outbox.testsupport;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.UnaryOperator;

/**
 * The databases that the tests of this JVM have on a server, with names that no other JVM
 * gives to its own.
 */
final class TestDatabases {

	private static final Set<String> ANNOUNCED = ConcurrentHashMap.newKeySet();

	private final UnaryOperator<String> jdbcUrl;

	private final String adminUrl;

	private final Queue<String> names = new ConcurrentLinkedQueue<>();

	/**
	 * Connect to a server and print what it is, in one line for each product and version.
	 * @param jdbcUrl gives the URL of the database with a name
	 * @param admin the name of a database that is always there
	 */
	TestDatabases(UnaryOperator<String> jdbcUrl, String admin) {
		this.jdbcUrl = jdbcUrl;
		this.adminUrl = jdbcUrl.apply(admin);
		try (Connection connection = connect()) {
			announce(connection.getMetaData());
		}
		catch (SQLException ex) {
			throw new IllegalStateException("The server cannot be reached: " + this.adminUrl, ex);
		}
	}

	private static void announce(DatabaseMetaData server) throws SQLException {
		String name = server.getDatabaseProductName() + " " + server.getDatabaseProductVersion();
		if (ANNOUNCED.add(name)) {
			System.out.println("Tests run on " + name);
		}
	}

	/**
	 * Create an empty database.
	 * @return its URL
	 */
	String create() {
		String name = "test_" + UUID.randomUUID().toString().replace("-", "");
		execute("create database " + name);
		this.names.add(name);
		return this.jdbcUrl.apply(name);
	}

	/**
	 * Drop all databases that were created here.
	 */
	void dropAll() {
		for (String name = this.names.poll(); name != null; name = this.names.poll()) {
			execute("drop database " + name);
		}
	}

	/**
	 * Ask for one value.
	 * @param sql the query
	 * @return the value
	 */
	String query(String sql) {
		try (Connection connection = connect();
				Statement statement = connection.createStatement();
				ResultSet rows = statement.executeQuery(sql)) {
			rows.next();
			return rows.getString(1);
		}
		catch (SQLException ex) {
			throw new IllegalStateException("The server refused: " + sql, ex);
		}
	}

	/**
	 * Tell whether the server answers.
	 * @return whether it does
	 */
	boolean answer() {
		try (Connection connection = connect()) {
			return connection.isValid(1);
		}
		catch (SQLException ex) {
			return false;
		}
	}

	private void execute(String sql) {
		try (Connection connection = connect(); Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
		catch (SQLException ex) {
			throw new IllegalStateException("The server refused: " + sql, ex);
		}
	}

	private Connection connect() throws SQLException {
		return DriverManager.getConnection(this.adminUrl);
	}

}
