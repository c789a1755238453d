package dev.outbox.testsupport;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link PostgresServer}.
 */
class PostgresServerTests {

	@Test
	void eachDatabaseIsFreshAndEmpty() throws SQLException {
		String first = PostgresServer.shared().createDatabase();
		String second = PostgresServer.shared().createDatabase();
		execute(first, "create table item (id int)");
		execute(second, "create table item (id int)");
		assertThat(first).isNotEqualTo(second);
	}

	@Test
	void serverIsTheVersionOfProductionAndTakesManyConnections() throws SQLException {
		String url = PostgresServer.shared().jdbcUrl("postgres");
		assertThat(query(url, "show server_version")).startsWith("18.");
		assertThat(query(url, "show max_connections")).isEqualTo("200");
	}

	@Test
	void restartCutsConnectionsAndKeepsData() throws SQLException {
		try (PostgresServer server = PostgresServer.start()) {
			String url = server.createDatabase();
			execute(url, "create table item as select 42 as id");
			try (Connection connection = DriverManager.getConnection(url)) {
				server.restart();
				assertThat(connection.isValid(1)).isFalse();
			}
			assertThat(query(url, "select id from item")).isEqualTo("42");
		}
	}

	@Test
	void closedServerIsGone() {
		PostgresServer server = PostgresServer.start();
		String url = server.createDatabase();
		server.close();
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> query(url, "select 1"));
	}

	private static void execute(String url, String sql) throws SQLException {
		try (Connection connection = DriverManager.getConnection(url);
				Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

	private static String query(String url, String sql) throws SQLException {
		try (Connection connection = DriverManager.getConnection(url);
				Statement statement = connection.createStatement();
				ResultSet result = statement.executeQuery(sql)) {
			result.next();
			return result.getString(1);
		}
	}

}
