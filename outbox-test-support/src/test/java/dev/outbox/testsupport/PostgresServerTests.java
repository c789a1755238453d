package dev.outbox.testsupport;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

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
		Sql.execute(first, "create table item (id int)");
		Sql.execute(second, "create table item (id int)");
		assertThat(first).isNotEqualTo(second);
	}

	@Test
	void serverIsTheVersionOfProductionAndTakesManyConnections() throws SQLException {
		String url = PostgresServer.shared().jdbcUrl("postgres");
		assertThat(Sql.query(url, "show server_version")).startsWith("18.");
		assertThat(Sql.query(url, "show max_connections")).isEqualTo("400");
	}

	@Test
	void restartCutsConnectionsAndKeepsData() throws SQLException {
		try (PostgresServer server = PostgresServer.start()) {
			String url = server.createDatabase();
			Sql.execute(url, "create table item as select 42 as id");
			try (Connection connection = DriverManager.getConnection(url)) {
				server.restart();
				assertThat(connection.isValid(1)).isFalse();
			}
			assertThat(Sql.query(url, "select id from item")).isEqualTo("42");
		}
	}

	@Test
	void crashAndRestartCutConnectionsAndKeepData() throws SQLException {
		try (PostgresServer server = PostgresServer.start()) {
			String url = server.createDatabase();
			Sql.execute(url, "create table item as select 42 as id");
			try (Connection connection = DriverManager.getConnection(url)) {
				server.kill();
				assertThat(connection.isValid(1)).isFalse();
				assertThatExceptionOfType(SQLException.class).isThrownBy(() -> Sql.query(url, "select 1"));
				server.restart();
			}
			assertThat(Sql.query(url, "select id from item")).isEqualTo("42");
		}
	}

	@Test
	void pausedServerAnswersAfterItResumes() throws SQLException {
		try (PostgresServer server = PostgresServer.start()) {
			String url = server.createDatabase();
			try (Connection connection = DriverManager.getConnection(url)) {
				server.pause();
				connection.setNetworkTimeout(Runnable::run, 300);
				assertThatExceptionOfType(SQLException.class)
					.isThrownBy(() -> connection.createStatement().execute("select 1"));
				server.resume();
			}
			assertThat(Sql.query(url, "select 42")).isEqualTo("42");
		}
	}

	@Test
	void closedServerIsGone() {
		PostgresServer server = PostgresServer.start();
		String url = server.createDatabase();
		server.close();
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> Sql.query(url, "select 1"));
	}

}
