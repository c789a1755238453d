package dev.outbox.store;

import dev.outbox.OutboxException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The names of the tables: what they may be made of, and how they get into a statement.
 */
class OutboxTablesTests {

	private static final String STATEMENT = "DELETE FROM ${prefix}outbox_attempt WHERE outbox_id IN "
			+ "(SELECT outbox_id FROM ${prefix}outbox)";

	@Test
	void defaultNamesStandAlone() {
		assertThat(OutboxTables.DEFAULT.sql(STATEMENT))
			.isEqualTo("DELETE FROM outbox_attempt WHERE outbox_id IN (SELECT outbox_id FROM outbox)");
	}

	@Test
	void schemaAndPrefixStandBeforeEveryTable() {
		assertThat(new OutboxTables("Sales", "shop_", "`").sql(STATEMENT))
			.isEqualTo("DELETE FROM `Sales`.shop_outbox_attempt WHERE outbox_id IN "
					+ "(SELECT outbox_id FROM `Sales`.shop_outbox)");
	}

	@Test
	void indexesHaveThePrefixOnly() {
		assertThat(new OutboxTables("Sales", "shop_", "`").sql("${prefix}outbox FORCE INDEX (${index}outbox_key)"))
			.isEqualTo("`Sales`.shop_outbox FORCE INDEX (shop_outbox_key)");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "shop_", "_", "s2_", "abcdefghijklmnopqrstuvwxyz0123" })
	void prefixIsAccepted(String prefix) {
		assertThat(new OutboxTables(null, prefix, "\"").name()).isEqualTo(prefix + "outbox");
	}

	@ParameterizedTest
	@ValueSource(strings = { " ", "Shop_", "2shop_", "shop-", "shop.", "sh op", "a; DROP TABLE x; --", "x\"", "x`", "ü",
			"shop_\n", "abcdefghijklmnopqrstuvwxyz01234" })
	void prefixIsRefused(String prefix) {
		assertThatExceptionOfType(OutboxException.class).isThrownBy(() -> new OutboxTables(null, prefix, "\""))
			.withMessageContainingAll("'" + prefix + "' cannot be the prefix", "at most 30 lower-case letters");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "2shop", "shop.outbox", "shop-1", "\"shop\"", "x\" AS y", "x`", "shop\n" })
	void schemaIsRefused(String schema) {
		assertThatExceptionOfType(OutboxException.class).isThrownBy(() -> new OutboxTables(schema, "", "\""))
			.withMessageContainingAll("'" + schema + "' cannot be the schema", "at most 63 letters");
	}

}
