package dev.outbox.schema;

import dev.outbox.store.OutboxTables;

/**
 * The scripts that create the tables.
 */
final class Scripts {

	private static final String FOLDER = "dev/outbox/schema/";

	private final String vendor;

	private final OutboxTables tables;

	Scripts(String vendor, OutboxTables tables) {
		this.vendor = vendor;
		this.tables = tables;
	}

	String location() {
		return "classpath:" + FOLDER + this.vendor;
	}

	// Which ones to run by hand, and how.
	String forOperators() {
		String scripts = this.tables.prefix().isEmpty() ? "the scripts of db/" + this.vendor
				: "the scripts of %s%s (in outbox-core), with '%s' in place of ${prefix},".formatted(FOLDER,
						this.vendor, this.tables.prefix());
		return (this.tables.schema() != null) ? scripts + " in schema '" + this.tables.schema() + "'" : scripts;
	}

}
