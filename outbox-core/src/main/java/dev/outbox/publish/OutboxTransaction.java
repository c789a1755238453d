package dev.outbox.publish;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.outbox.OutboxException;
import dev.outbox.store.OutboxRecord;
import dev.outbox.store.PlacedEvent;
import org.jspecify.annotations.Nullable;

import org.springframework.core.Ordered;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * One transaction and the events that were published in it. It is bound to the thread
 * from the transaction's begin to its end.
 */
final class OutboxTransaction implements TransactionSynchronization, Ordered {

	private static final Object RESOURCE = OutboxTransaction.class;

	private final TransactionExecution execution;

	private final String managerName;

	private final boolean insideStorable;

	private final OutboxTransactions transactions;

	private final List<OutboxRecord> events = new ArrayList<>(2);

	private final List<PlacedEvent> stored = new ArrayList<>(2);

	private final Map<Object, Integer> savepoints = new HashMap<>(0);

	private @Nullable OutboxTransaction suspended;

	private boolean storable;

	private boolean open = true;

	private boolean handedOver;

	OutboxTransaction(TransactionExecution execution, String managerName, boolean insideStorable,
			OutboxTransactions transactions) {
		this.execution = execution;
		this.managerName = managerName;
		this.insideStorable = insideStorable;
		this.transactions = transactions;
	}

	static @Nullable OutboxTransaction current() {
		return (OutboxTransaction) TransactionSynchronizationManager.getResource(RESOURCE);
	}

	void bind() {
		TransactionSynchronizationManager.unbindResourceIfPossible(RESOURCE);
		TransactionSynchronizationManager.bindResource(RESOURCE, this);
	}

	void unbind() {
		TransactionSynchronizationManager.unbindResourceIfPossible(RESOURCE);
	}

	boolean is(TransactionExecution execution) {
		return this.execution == execution;
	}

	boolean isOpen() {
		return this.open;
	}

	boolean isReadOnly() {
		return this.execution.isReadOnly();
	}

	String managerName() {
		return this.managerName;
	}

	// Whether it is this transaction, and not one around it, that brought the connection
	// to the outbox's data source.
	boolean isStorable() {
		return this.storable;
	}

	boolean isInsideStorable() {
		return this.insideStorable;
	}

	void begun(boolean hasConnection) {
		this.storable = hasConnection && !this.insideStorable;
	}

	void add(OutboxRecord event) {
		this.events.add(event);
	}

	void remove(OutboxRecord event) {
		this.events.remove(event);
	}

	// Flushing may publish more events. A transaction exception is wrapped because upon
	// one Spring would not roll back.
	void store() {
		try {
			int inserted = 0;
			while (inserted < this.events.size()) {
				this.transactions.flush();
				List<OutboxRecord> batch = List.copyOf(this.events.subList(inserted, this.events.size()));
				this.stored.addAll(this.transactions.insert(batch));
				inserted += batch.size();
			}
			this.open = false;
			// All at once: those of one key follow each other.
			if (!this.stored.isEmpty()) {
				this.transactions.expect(this.stored);
			}
		}
		catch (TransactionException ex) {
			throw new OutboxException("The events of the transaction could not be stored", ex);
		}
	}

	void handOver() {
		if (!this.handedOver && !this.open && !this.stored.isEmpty()) {
			this.handedOver = true;
			this.transactions.handOver(this.stored);
		}
	}

	@Override
	public void savepoint(Object savepoint) {
		OutboxTransaction current = current();
		if (current != null) {
			current.savepoints.put(savepoint, current.events.size());
		}
	}

	@Override
	public void savepointRollback(Object savepoint) {
		OutboxTransaction current = current();
		Integer size = (current != null) ? current.savepoints.get(savepoint) : null;
		if (current != null && size != null && size < current.events.size()) {
			current.events.subList(size, current.events.size()).clear();
		}
	}

	@Override
	public void suspend() {
		this.suspended = (OutboxTransaction) TransactionSynchronizationManager.unbindResourceIfPossible(RESOURCE);
	}

	@Override
	public void resume() {
		if (this.suspended != null) {
			this.suspended.bind();
			this.suspended = null;
		}
	}

	@Override
	public void afterCommit() {
		handOver();
	}

	@Override
	public void afterCompletion(int status) {
		TransactionSynchronizationManager.unbindResourceIfPossible(RESOURCE);
	}

	// First among the callbacks after the commit: events need not wait for the
	// application's own, which may be slow.
	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE;
	}

}
