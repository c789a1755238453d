package dev.outbox.schema;

import java.util.Map;

import javax.sql.DataSource;

import dev.outbox.OutboxException;
import dev.outbox.store.OutboxTables;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/**
 * Creates the tables of the outbox, or brings them up to date, by Flyway. It keeps a
 * history table of its own, so that the application's migrations are not concerned.
 *
 * @since 0.1
 */
public final class FlywaySchemaMigration {

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
	 * Migrate.
	 * @throws OutboxException if that fails
	 */
	public void migrate() {
		try {
			migrateAndMeetOthers();
		}
		catch (FlywayException ex) {
			throw new OutboxException("The tables of the outbox could not be migrated: %s. To create them by hand, run "
				.formatted(ex.getMessage())
					+ "%s and set outbox.schema.migrate=false. If a table of such a name is the application's own, set "
						.formatted(this.scripts.forOperators())
					+ "outbox.schema.table-prefix", ex);
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
			.table(this.tables.name() + "_schema_history")
			.placeholders(Map.of("prefix", this.tables.prefix()))
			.baselineOnMigrate(true)
			.baselineVersion("0")
			.load()
			.migrate();
	}

}
