package dev.outbox.faults;

import java.util.Random;
import java.util.UUID;

import dev.outbox.EventType;
import dev.outbox.OutboxEventPublisher;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The load: each transaction bumps an account's sequence under a row lock, publishes it,
 * and writes down, in the same transaction, what it has published. One in ten is rolled
 * back; some have an inner transaction or a part that may be rolled back to a savepoint.
 */
class Ledger {

	/**
	 * The number of accounts of the outer transactions, and of the inner ones, which have
	 * others: so no two wait for each other.
	 */
	static final int ACCOUNTS = 40;

	private static final String FILLER = "x".repeat(180);

	private static final String LARGE = "x".repeat(2 * Fault.LARGEST);

	private final JdbcTemplate jdbc;

	private final TransactionTemplate transaction;

	private final TransactionTemplate savepoint;

	private final TransactionTemplate inner;

	private final OutboxEventPublisher publisher;

	Ledger(JdbcTemplate jdbc, PlatformTransactionManager manager, OutboxEventPublisher publisher) {
		this.jdbc = jdbc;
		this.transaction = new TransactionTemplate(manager);
		this.savepoint = new TransactionTemplate(manager);
		this.savepoint.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
		this.inner = new TransactionTemplate(manager);
		this.inner.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
		this.publisher = publisher;
	}

	void change(EventType type, Random random) {
		boolean large = type.name().equals(Fault.POISON.name()) && random.nextInt(50) == 0;
		this.transaction.executeWithoutResult((status) -> {
			int account = random.nextInt(ACCOUNTS);
			change(type, account, large);
			if (random.nextInt(8) == 0) {
				changeWithin(this.savepoint, type, random);
			}
			if (random.nextInt(8) == 0) {
				changeWithin(this.inner, type, random);
			}
			if (random.nextInt(4) == 0) {
				change(type, account, false);
			}
			rollBackOneIn(10, status, random);
		});
	}

	private void changeWithin(TransactionTemplate template, EventType type, Random random) {
		template.executeWithoutResult((status) -> {
			change(type, ACCOUNTS + random.nextInt(ACCOUNTS), false);
			rollBackOneIn(2, status, random);
		});
	}

	private void change(EventType type, int account, boolean large) {
		this.jdbc.update("UPDATE ledger SET sequence = sequence + 1 WHERE topic = ? AND account = ?", type.topic(),
				account);
		Long sequence = this.jdbc.queryForObject("SELECT sequence FROM ledger WHERE topic = ? AND account = ?",
				Long.class, type.topic(), account);
		Change change = new Change(account, (sequence != null) ? sequence : 0, large ? LARGE : FILLER);
		UUID event = this.publisher.publishEvent(type, account, change);
		this.jdbc.update("INSERT INTO ledger_entry VALUES (?, ?, ?, ?, ?, ?)", event.toString(), type.topic(), account,
				change.sequence(), large, System.nanoTime());
	}

	private static void rollBackOneIn(int bound, TransactionStatus status, Random random) {
		if (random.nextInt(bound) == 0) {
			status.setRollbackOnly();
		}
	}

}
