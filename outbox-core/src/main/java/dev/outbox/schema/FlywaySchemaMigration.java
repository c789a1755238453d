package dev.outbox.schema;

import javax.sql.DataSource;

import dev.outbox.OutboxException;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/**
 * Creates the tables of the outbox, or brings them up to date, by Flyway. It keeps a
 * history table of its own, so that the application's migrations are not concerned.
 *
 * @since 0.1
 */
public final class FlywaySchemaMigration {

	private static final String HISTORY_TABLE = "outbox_schema_history";

	private final DataSource dataSource;

	private final String vendor;

	/**
	 * Create a migration.
	 * @param dataSource the data source of the outbox
	 * @param vendor names the database's scripts
	 */
	public FlywaySchemaMigration(DataSource dataSource, String vendor) {
		this.dataSource = dataSource;
		this.vendor = vendor;
	}

	/**
	 * Migrate.
	 * @throws OutboxException if that fails
	 */
	public void migrate() {
		try {
			Flyway.configure(getClass().getClassLoader())
				.dataSource(this.dataSource)
				.locations("classpath:dev/outbox/schema/" + this.vendor)
				.table(HISTORY_TABLE)
				.baselineOnMigrate(true)
				.baselineVersion("0")
				.load()
				.migrate();
		}
		catch (FlywayException ex) {
			throw new OutboxException("The tables of the outbox could not be migrated: %s. To create them by hand, run "
				.formatted(ex.getMessage())
					+ "the scripts of db/%s and set outbox.schema.migrate=false".formatted(this.vendor), ex);
		}
	}

}
