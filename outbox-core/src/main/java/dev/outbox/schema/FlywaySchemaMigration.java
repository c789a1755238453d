package dev.outbox.schema;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

import javax.sql.DataSource;

import dev.outbox.OutboxException;
import dev.outbox.store.OutboxTables;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates the tables of the outbox, or brings them up to date, by Flyway. It keeps a
 * history table of its own, so that the application's migrations are not concerned.
 *
 * @since 0.1
 */
public final class FlywaySchemaMigration {

	private static final Logger logger = LoggerFactory.getLogger(FlywaySchemaMigration.class);

	private static final String HISTORY = "_schema_history";

	private final DataSource dataSource;

	private final OutboxTables tables;

	private final Scripts scripts;

	/**
	 * Create a migration of tables with the default names.
	 * @param dataSource the data source of the outbox
	 * @param vendor names the database's scripts
	 */
	public FlywaySchemaMigration(DataSource dataSource, String vendor) {
		this(dataSource, vendor, OutboxTables.DEFAULT);
	}

	/**
	 * Create a migration.
	 * @param dataSource the data source of the outbox
	 * @param vendor names the database's scripts
	 * @param tables the tables
	 */
	public FlywaySchemaMigration(DataSource dataSource, String vendor, OutboxTables tables) {
		this.dataSource = dataSource;
		this.tables = tables;
		this.scripts = new Scripts(vendor, tables);
	}

	/**
	 * Migrate, unless the history has the last script already.
	 * @throws OutboxException if that fails
	 */
	public void migrate() {
		try {
			if (!isUpToDate()) {
				migrateAndMeetOthers();
			}
		}
		catch (FlywayException ex) {
			throw new OutboxException("The tables of the outbox could not be migrated: %s. To create them by hand, run "
				.formatted(ex.getMessage())
					+ "%s and set outbox.schema.migrate=false. If a table of such a name is the application's own, set "
						.formatted(this.scripts.forOperators())
					+ "outbox.schema.table-prefix", ex);
		}
	}

	// To load Flyway takes much of what the outbox adds to a start, and is seldom needed.
	// This looks as Flyway does: on a connection of its own, whoever is in a transaction,
	// and into the schema that the connection is in, but no other of its path.
	private boolean isUpToDate() {
		try (Connection connection = this.dataSource.getConnection()) {
			try {
				return isUpToDate(connection);
			}
			finally {
				if (!connection.getAutoCommit()) {
					connection.rollback();
				}
			}
		}
		catch (SQLException ex) {
			logger.debug("There is no history yet, or it cannot be read", ex);
			return false;
		}
	}

	private boolean isUpToDate(Connection connection) throws SQLException {
		String quote = connection.getMetaData().getIdentifierQuoteString();
		String schema = (this.tables.schema() != null) ? this.tables.schema() : connection.getSchema();
		String name = quote + this.tables.name() + HISTORY + quote;
		try (Statement statement = connection.createStatement();
				ResultSet rows = statement
					.executeQuery("SELECT * FROM " + ((schema != null) ? quote + schema + quote + "." + name : name))) {
			boolean upToDate = false;
			while (rows.next()) {
				upToDate |= rows.getBoolean("success") && this.scripts.lastVersion().equals(rows.getString("version"));
			}
			return upToDate;
		}
	}

	// Flyway creates its history without a lock. Who meets another instance at it is
	// refused, by Flyway and not by the database, and finds it there the next time.
	private void migrateAndMeetOthers() {
		try {
			migrateOnce();
		}
		catch (FlywayException ex) {
			if (ex.getCause() != null) {
				throw ex;
			}
			migrateOnce();
		}
	}

	private void migrateOnce() {
		Flyway.configure(getClass().getClassLoader())
			.dataSource(this.dataSource)
			.locations(this.scripts.location())
			.defaultSchema(this.tables.schema())
			.table(this.tables.name() + HISTORY)
			.placeholders(Map.of("prefix", this.tables.prefix()))
			.baselineOnMigrate(true)
			.baselineVersion("0")
			.load()
			.migrate();
	}

}
