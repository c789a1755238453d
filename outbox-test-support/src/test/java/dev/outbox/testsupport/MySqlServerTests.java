package dev.outbox.testsupport;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link MySqlServer}.
 */
class MySqlServerTests {

	@Test
	void eachDatabaseIsFreshAndEmpty() throws SQLException {
		String first = MySqlServer.shared().createDatabase();
		String second = MySqlServer.shared().createDatabase();
		Sql.execute(first, "create table item (id int)");
		Sql.execute(second, "create table item (id int)");
		assertThat(first).isNotEqualTo(second);
	}

	@Test
	void serverIsTheVersionOfProduction() throws SQLException {
		assertThat(Sql.query(MySqlServer.shared().jdbcUrl("mysql"), "select version()")).startsWith("9.7.");
	}

	@Test
	void crashAndRestartCutConnectionsAndKeepData() throws SQLException {
		MySqlServer server = MySqlServer.shared();
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
