package dev.outbox.store;

import java.util.regex.Pattern;

import dev.outbox.OutboxException;
import org.jspecify.annotations.Nullable;

/**
 * Where the tables of the outbox are, and what their names begin with. Their statements
 * and scripts name them, their indexes and their constraints with a placeholder,
 * <code>${prefix}outbox</code>.
 *
 * @param schema the schema that holds the tables (on MySQL and MariaDB a database), as
 * the database spells it; {@code null} for that of the connections
 * @param prefix what their names begin with; may be empty
 * @param quote what the database quotes names with
 * @since 0.1
 */
public record OutboxTables(@Nullable String schema, String prefix, String quote) {

	private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,62}");

	// PostgreSQL cuts names after 63 characters, and the longest of ours has 27.
	private static final Pattern PREFIX = Pattern.compile("([a-z_][a-z0-9_]{0,29})?");

	/**
	 * The tables by their default names, in the schema of the connections.
	 */
	public static final OutboxTables DEFAULT = new OutboxTables(null, "", "\"");

	/**
	 * Create a description of the tables.
	 * @throws OutboxException if a name is too long, or has other characters than
	 * letters, digits and underscores (in the prefix, lower-case letters)
	 */
	public OutboxTables {
		if (schema != null && !NAME.matcher(schema).matches()) {
			throw new OutboxException(
					("'%s' cannot be the schema of the outbox's tables: it must begin with a letter or "
							+ "an underscore, and consist of at most 63 letters, digits and underscores")
						.formatted(schema));
		}
		if (!PREFIX.matcher(prefix).matches()) {
			throw new OutboxException(
					("'%s' cannot be the prefix of the outbox's tables: it must begin with a lower-case "
							+ "letter or an underscore, and consist of at most 30 lower-case letters, digits and underscores")
						.formatted(prefix));
		}
	}

	/**
	 * The name of the table that holds the events, or that begins the names of the
	 * others.
	 * @return the name, without the schema
	 */
	public String name() {
		return this.prefix + "outbox";
	}

	/**
	 * A statement with the full names of the tables in it.
	 * @param statement a statement with <code>${prefix}</code> before the name of each
	 * table and <code>${index}</code> before that of each index
	 * @return the statement to run
	 */
	public String sql(String statement) {
		String qualifier = (this.schema != null) ? this.quote + this.schema + this.quote + "." : "";
		return statement.replace("${prefix}", qualifier + this.prefix).replace("${index}", this.prefix);
	}

}
