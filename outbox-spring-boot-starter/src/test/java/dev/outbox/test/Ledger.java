package dev.outbox.test;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

import dev.outbox.EventType;
import dev.outbox.OutboxEventPublisher;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The load of the tests: each transaction bumps an account's sequence under a row lock
 * and publishes it, each number that it has passed by an event of its own.
 */
public class Ledger {

	private static final String FILLER = "x".repeat(180);

	private final JdbcTemplate jdbc;

	private final TransactionTemplate transaction;

	private final OutboxEventPublisher publisher;

	private final EventType type;

	private final int events;

	/**
	 * Create a ledger.
	 * @param jdbc the database
	 * @param manager its transaction manager
	 * @param publisher the outbox
	 * @param type the type of its events
	 * @param events how many events each transaction publishes
	 */
	public Ledger(JdbcTemplate jdbc, PlatformTransactionManager manager, OutboxEventPublisher publisher, EventType type,
			int events) {
		this.jdbc = jdbc;
		this.transaction = new TransactionTemplate(manager);
		this.publisher = publisher;
		this.type = type;
		this.events = events;
	}

	void open(int accounts) {
		this.jdbc.execute("CREATE TABLE ledger (account INTEGER PRIMARY KEY, sequence BIGINT NOT NULL)");
		this.jdbc.batchUpdate("INSERT INTO ledger VALUES (?, 0)",
				IntStream.range(0, accounts).mapToObj((account) -> new Object[] { account }).toList());
	}

	void change(int account, boolean rollBack) {
		this.transaction.executeWithoutResult((status) -> {
			this.jdbc.update("UPDATE ledger SET sequence = sequence + ? WHERE account = ?", this.events, account);
			Long sequence = this.jdbc.queryForObject("SELECT sequence FROM ledger WHERE account = ?", Long.class,
					account);
			long last = (sequence != null) ? sequence : 0;
			for (long number = last - this.events + 1; number <= last; number++) {
				this.publisher.publishEvent(this.type, account, new AccountChanged(account, number, FILLER));
			}
			if (rollBack) {
				status.setRollbackOnly();
			}
		});
	}

	// Every tenth change is rolled back.
	void run(int threads, int accounts, int changes, long seed) throws Exception {
		ExecutorService executor = Executors.newFixedThreadPool(threads);
		try {
			List<Callable<Void>> work = IntStream.range(0, threads).<Callable<Void>>mapToObj((thread) -> () -> {
				Random random = new Random(seed + thread);
				for (int i = 0; i < changes / threads; i++) {
					change(random.nextInt(accounts), random.nextInt(10) == 0);
				}
				return null;
			}).toList();
			for (Future<Void> done : executor.invokeAll(work)) {
				done.get();
			}
		}
		finally {
			executor.shutdown();
		}
	}

	Map<Integer, Long> sequences() {
		return this.jdbc.query("SELECT account, sequence FROM ledger", (rows) -> {
			Map<Integer, Long> sequences = new HashMap<>();
			while (rows.next()) {
				sequences.put(rows.getInt(1), rows.getLong(2));
			}
			return sequences;
		});
	}

}
