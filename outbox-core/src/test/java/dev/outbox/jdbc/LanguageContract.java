package dev.outbox.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Messages of the database in another language. H2 has that of the JVM, and this build of
 * PostgreSQL has English only.
 */
interface LanguageContract extends SchemaContract, PoolContract {

	/**
	 * The statement that makes a session's messages German.
	 * @return the statement
	 */
	String setGerman();

	@Test
	default void whatIsMissingIsNamedInGerman() {
		try (TestDatabase fresh = new TestDatabase(createDatabase());
				HikariDataSource pool = fresh.pool((config) -> config.setConnectionInitSql(setGerman()))) {
			JdbcTemplate sql = new JdbcTemplate(pool);
			assertThatException().isThrownBy(() -> sql.execute("SELECT * FROM missing"))
				.havingRootCause()
				.withMessageContaining("existiert nicht");
			whatIsMissingIsNamed(fresh, pool);
		}
	}

	@Test
	default void everythingWorksInGerman() {
		try (HikariDataSource pool = database().pool((config) -> config.setConnectionInitSql(setGerman()))) {
			everythingWorks(pool);
		}
	}

}
