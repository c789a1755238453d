package dev.outbox.jdbc;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/**
 * What holds on every database that the outbox supports. For each there is a subclass
 * that says where it comes from and how it says what only tests want to say.
 */
@TestInstance(Lifecycle.PER_CLASS)
abstract class DatabaseContract
		implements OutboxStoreContract, PendingContract, ConcurrencyContract, RelayStoreContract, RelayLockContract,
		TablesIdContract, MonitorContract, OperationsContract, SchemaContract, PoolContract, TimeContract, TextContract,
		WaitingContract, LoadContract, StatementCountContract, BacklogContract {

	private TestDatabase database;

	@BeforeAll
	void migrate() {
		this.database = new TestDatabase(createDatabase());
		System.out.printf("%s run on %s%n", getClass().getSimpleName(), this.database.product());
	}

	@BeforeEach
	void empty() {
		this.database.empty();
	}

	@AfterAll
	void close() {
		if (this.database != null) {
			this.database.close();
		}
	}

	@Override
	public final TestDatabase database() {
		return this.database;
	}

}
