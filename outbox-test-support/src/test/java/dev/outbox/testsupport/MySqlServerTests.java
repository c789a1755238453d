package dev.outbox.testsupport;

import java.sql.SQLException;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

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

}
