package dev.outbox.debezium;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Properties;

import javax.sql.DataSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

/**
 * A database as the documentation has it, and what its tests need to know of it.
 */
abstract class OnDatabase {

	@Autowired
	private DataSource dataSource;

	/**
	 * The section of the documentation on the database.
	 */
	abstract String section();

	/**
	 * Let a documented text speak of a table of this test, and of a user of its own.
	 */
	abstract String adapt(String documented, Table table);

	/**
	 * The settings of the database's address.
	 */
	abstract Map<String, String> address();

	/**
	 * The table with its default name.
	 */
	abstract Table table();

	/**
	 * A schema for another table.
	 */
	abstract String otherSchema();

	/**
	 * Drop what the documented statements have created for a connector.
	 */
	abstract void forbid();

	/**
	 * The place where the database's log ends now.
	 */
	abstract String endOfTheLog();

	/**
	 * Whether a connector has no need any more of what the log has up to a place.
	 */
	abstract boolean hasPassed(Connector connector, String place);

	/**
	 * Let the database use the room of deleted rows for new ones.
	 */
	abstract void reclaim();

	/**
	 * Let a connector read a table, by the documented statements.
	 * @param table the table
	 */
	final void allow(Table table) {
		run(adapt(Documentation.block(section(), "sql"), table));
	}

	/**
	 * Run statements.
	 * @param statements the statements, separated by semicolons
	 */
	final void run(String statements) {
		new ResourceDatabasePopulator(new ByteArrayResource(statements.getBytes(StandardCharsets.UTF_8)))
			.execute(this.dataSource);
	}

	/**
	 * The documented settings of a connector.
	 * @param table the table that it reads
	 * @return the settings, with the database's address
	 */
	final Properties settings(Table table) {
		try {
			Properties settings = new Properties();
			settings.load(new StringReader(Documentation.block("The connector", "properties")));
			settings.load(new StringReader(adapt(Documentation.block(section(), "properties"), table)));
			settings.putAll(address());
			return settings;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	final JdbcTemplate jdbc() {
		return new JdbcTemplate(this.dataSource);
	}

}
