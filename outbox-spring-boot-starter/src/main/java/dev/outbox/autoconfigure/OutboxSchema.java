package dev.outbox.autoconfigure;

import dev.outbox.OutboxException;
import dev.outbox.schema.FlywaySchemaMigration;
import dev.outbox.schema.SchemaCheck;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.InitializingBean;

/**
 * Brings the tables of the outbox up to date and checks them. Whatever uses the database
 * waits for it.
 *
 * @since 0.1
 */
public final class OutboxSchema implements InitializingBean {

	private final @Nullable FlywaySchemaMigration migration;

	private final SchemaCheck check;

	OutboxSchema(@Nullable FlywaySchemaMigration migration, SchemaCheck check) {
		this.migration = migration;
		this.check = check;
	}

	@Override
	public void afterPropertiesSet() throws OutboxException {
		if (this.migration != null) {
			this.migration.migrate();
		}
		this.check.check();
	}

}
