package dev.outbox.jdbc;

import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The id of the tables, {@link JdbcTablesId}.
 */
interface TablesIdContract extends OnDatabase {

	@Test
	default void instancesThatStartAtOnceAgreeOnTheId() throws Exception {
		for (int round = 0; round < 5; round++) {
			database().sql().update("DELETE FROM outbox_lock WHERE lock_name = 'id'");
			Callable<String> get = () -> new JdbcTablesId(database().outbox()).get();
			List<String> ids = Together.call(Collections.nCopies(6, get));
			assertThat(ids).containsOnly(ids.get(0));
			assertThat(ids.get(0)).matches("[0-9a-f]{12}");
			assertThat(new JdbcTablesId(database().outbox()).get()).isEqualTo(ids.get(0));
		}
	}

	@Test
	default void otherTablesHaveAnotherId() {
		String id = new JdbcTablesId(database().outbox()).get();
		try (TestDatabase other = new TestDatabase(createDatabase())) {
			assertThat(new JdbcTablesId(other.outbox()).get()).isNotEqualTo(id);
		}
	}

}
