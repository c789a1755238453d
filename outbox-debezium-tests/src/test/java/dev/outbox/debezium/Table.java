package dev.outbox.debezium;

/**
 * A table of events.
 *
 * @param schema its schema; on MySQL its database
 * @param name its name there
 */
record Table(String schema, String name) {

	@Override
	public String toString() {
		return this.schema + "." + this.name;
	}

}
