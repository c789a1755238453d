package dev.outbox.publish;

import java.util.List;
import java.util.function.Supplier;

import javax.sql.DataSource;

import dev.outbox.OutboxException;
import dev.outbox.store.Handover;
import dev.outbox.store.OutboxRecord;
import dev.outbox.store.OutboxStore;
import dev.outbox.store.PlacedEvent;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.transaction.ConfigurableTransactionManager;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Follows the transactions of the application. A transaction's events live through it in
 * these steps:
 * <ol>
 * <li>From its begin a transaction is known, whoever manages it, so that publishing at
 * the wrong place or time can be refused at the call.
 * <li>Rolling back to a savepoint forgets what was published since.
 * <li>After every other callback before the commit, and right before the commit itself,
 * the persistence context is flushed and the events are inserted. Should that fail, the
 * transaction rolls back. Otherwise they are announced.
 * <li>After the commit the events are handed over, before any other callback.
 * </ol>
 * Spring's transaction execution listeners are used because, unlike synchronisations,
 * they run after every callback before the commit, at any precedence, and with the
 * transaction they belong to.
 *
 * @since 0.1
 */
public final class OutboxTransactions {

	private static final Logger logger = LoggerFactory.getLogger(OutboxTransactions.class);

	private final Supplier<DataSource> dataSource;

	private final Supplier<OutboxStore> store;

	private final Runnable flush;

	private final Supplier<Handover> committed;

	/**
	 * Create the follower of transactions. The suppliers allow it to exist before the
	 * transaction managers that it follows.
	 * @param dataSource the data source of the outbox
	 * @param store stores the events
	 * @param flush flushes the persistence context, if there is one
	 * @param committed is told of the events of a transaction before its commit, and
	 * given them after it
	 */
	public OutboxTransactions(Supplier<DataSource> dataSource, Supplier<OutboxStore> store, Runnable flush,
			Supplier<Handover> committed) {
		this.dataSource = dataSource;
		this.store = store;
		this.flush = flush;
		this.committed = committed;
	}

	/**
	 * Follow the transactions of a transaction manager.
	 * @param manager the transaction manager
	 * @param name its name, for messages
	 */
	public void follow(ConfigurableTransactionManager manager, String name) {
		manager.addListener(new Listener(name));
	}

	/**
	 * The transaction to which an event that is published now would belong.
	 * @return the transaction
	 * @throws OutboxException if there is none, with what to do about it
	 */
	OutboxTransaction current() {
		if (!TransactionSynchronizationManager.isActualTransactionActive()) {
			throw new OutboxException("There is no transaction to publish in. Call publishEvent within a "
					+ "transaction, or publishManualEvent to publish without one");
		}
		OutboxTransaction transaction = OutboxTransaction.current();
		if (transaction == null && TransactionSynchronizationManager.isSynchronizationActive()) {
			throw new OutboxException("The current transaction %s was not begun by a transaction manager that is a bean"
				.formatted(TransactionSynchronizationManager.getCurrentTransactionName())
					+ " of this application, so the outbox cannot take part in it. Make the manager a bean (it "
					+ "must be a ConfigurableTransactionManager), or use publishManualEvent");
		}
		if (transaction == null || !transaction.isOpen()) {
			throw new OutboxException("The current transaction has already been committed or rolled back: what is "
					+ "published in a callback after that would be lost. Publish before the commit, in a new transaction "
					+ "(REQUIRES_NEW), or by publishManualEvent");
		}
		if (!transaction.isStorable()) {
			throw new OutboxException("The current transaction belongs to transaction manager '%s', which does not "
				.formatted(transaction.managerName())
					+ "manage the outbox's data source %s. %s"
						.formatted(this.dataSource.get(), transaction.isInsideStorable()
								? "The transaction around it does: publish there, not inside the inner one, or in a new one "
										+ "(REQUIRES_NEW)"
								: "Publish in a transaction of the outbox's data source, or by publishManualEvent"));
		}
		if (transaction.isReadOnly()) {
			throw new OutboxException("The current transaction is read-only: an event could not be stored in it. "
					+ "Publish in a read-write transaction, or by publishManualEvent");
		}
		return transaction;
	}

	void flush() {
		this.flush.run();
	}

	List<PlacedEvent> insert(List<OutboxRecord> events) {
		return this.store.get().insert(events);
	}

	// To be unprepared costs time only.
	void expect(List<PlacedEvent> events) {
		try {
			this.committed.get().expect(events);
		}
		catch (RuntimeException ex) {
			logger.debug("Events are sent later than they could be", ex);
		}
	}

	void handOver(List<PlacedEvent> events) {
		try {
			this.committed.get().offer(events);
		}
		catch (RuntimeException ex) {
			// The work is committed: its caller must not see a failure.
			logger.warn("Committed events could not be handed over; the relay will send them", ex);
		}
	}

	// Whatever is bound before the begin is not this transaction's own: one of another
	// manager may have left it there.
	private void beginning(TransactionExecution execution, String managerName) {
		if (execution.isNewTransaction()) {
			new OutboxTransaction(execution, managerName, hasConnection(), this).bind();
		}
	}

	private void begun(TransactionExecution execution, @Nullable Throwable failure) {
		OutboxTransaction transaction = OutboxTransaction.current();
		if (transaction == null || !transaction.is(execution)) {
			return;
		}
		if (failure != null || !TransactionSynchronizationManager.isSynchronizationActive()) {
			transaction.unbind();
			return;
		}
		transaction.begun(hasConnection());
		if (execution instanceof DefaultTransactionStatus status && status.isNewSynchronization()) {
			TransactionSynchronizationManager.registerSynchronization(transaction);
		}
	}

	private boolean hasConnection() {
		return TransactionSynchronizationManager.hasResource(this.dataSource.get());
	}

	private final class Listener implements TransactionExecutionListener {

		private final String managerName;

		Listener(String managerName) {
			this.managerName = managerName;
		}

		@Override
		public void beforeBegin(TransactionExecution execution) {
			beginning(execution, this.managerName);
		}

		@Override
		public void afterBegin(TransactionExecution execution, @Nullable Throwable failure) {
			begun(execution, failure);
		}

		@Override
		public void beforeCommit(TransactionExecution execution) {
			OutboxTransaction transaction = OutboxTransaction.current();
			if (transaction != null && transaction.is(execution)) {
				transaction.store();
			}
		}

		@Override
		public void afterCommit(TransactionExecution execution, @Nullable Throwable failure) {
			OutboxTransaction transaction = OutboxTransaction.current();
			if (transaction != null && transaction.is(execution)) {
				transaction.unbind();
				if (failure == null) {
					transaction.handOver();
				}
			}
		}

		@Override
		public void afterRollback(TransactionExecution execution, @Nullable Throwable failure) {
			OutboxTransaction transaction = OutboxTransaction.current();
			if (transaction != null && transaction.is(execution)) {
				transaction.unbind();
			}
		}

	}

}
