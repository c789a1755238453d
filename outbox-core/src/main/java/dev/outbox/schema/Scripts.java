package dev.outbox.schema;

import java.util.ArrayList;
import java.util.List;

import dev.outbox.store.OutboxTables;

/**
 * The scripts that create the tables.
 */
final class Scripts {

	private final String vendor;

	private final OutboxTables tables;

	Scripts(String vendor, OutboxTables tables) {
		this.vendor = vendor;
		this.tables = tables;
	}

	String location() {
		return "classpath:dev/outbox/schema/" + this.vendor;
	}

	String lastVersion() {
		return "3";
	}

	// Which ones to run by hand, and for which names.
	String forOperators() {
		List<String> names = new ArrayList<>();
		if (this.tables.schema() != null) {
			names.add("in schema '%s'".formatted(this.tables.schema()));
		}
		if (!this.tables.prefix().isEmpty()) {
			names.add("with prefix '%s'".formatted(this.tables.prefix()));
		}
		return "the scripts of db/" + this.vendor + (names.isEmpty() ? "" : " (" + String.join(", ", names) + ")");
	}

}
