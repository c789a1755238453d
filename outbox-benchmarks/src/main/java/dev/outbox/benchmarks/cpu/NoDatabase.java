package dev.outbox.benchmarks.cpu;

import java.sql.Connection;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

import javax.sql.DataSource;

import dev.outbox.EventType;
import dev.outbox.store.OrderingKey;
import dev.outbox.store.OutboxRecord;
import dev.outbox.store.OutboxStore;
import dev.outbox.store.PendingEvent;
import dev.outbox.store.PendingQuery;
import dev.outbox.store.PlacedEvent;

import org.springframework.jdbc.datasource.AbstractDataSource;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Transactions and a table that do nothing: one thread's events follow each other.
 */
final class NoDatabase extends AbstractPlatformTransactionManager implements OutboxStore {

	private static final long serialVersionUID = 1;

	private static final String PAYLOAD = "x".repeat(300);

	private final transient DataSource dataSource = new NoDataSource();

	private final transient Map<OrderingKey, PendingEvent> offered = new ConcurrentHashMap<>();

	private final AtomicLong lastId = new AtomicLong();

	DataSource dataSource() {
		return this.dataSource;
	}

	// One that the table knows, and tells when it is asked.
	OutboxRecord event(EventType type, String key) {
		long id = this.lastId.incrementAndGet();
		OutboxRecord event = new OutboxRecord(new UUID(0, id), type.name(), type.topic(), key, PAYLOAD, Map.of());
		this.offered.put(event.orderingKey(), new PendingEvent(id, event.eventId(), event.orderingKey()));
		return event;
	}

	@Override
	public List<PlacedEvent> insert(List<OutboxRecord> events) {
		OutboxRecord event = events.get(0);
		return List.of(new PlacedEvent(event, this.lastId.incrementAndGet(), System.nanoTime()));
	}

	@Override
	public List<PendingEvent> pending(List<PendingQuery> queries) {
		return queries.stream().map((query) -> this.offered.get(query.key())).filter(Objects::nonNull).toList();
	}

	@Override
	public List<PendingEvent> pending(Collection<UUID> eventIds) {
		return List.of();
	}

	@Override
	public int clear(Collection<UUID> eventIds) {
		return eventIds.size();
	}

	@Override
	public void park(UUID eventId, String reason, String error) {
		throw new UnsupportedOperationException();
	}

	@Override
	public void block(UUID eventId, String reason, String error) {
		throw new UnsupportedOperationException();
	}

	@Override
	public void redirect(OutboxRecord event) {
		throw new UnsupportedOperationException();
	}

	@Override
	protected Object doGetTransaction() {
		return this;
	}

	@Override
	protected void doBegin(Object transaction, TransactionDefinition definition) {
		TransactionSynchronizationManager.bindResource(this.dataSource, this);
	}

	@Override
	protected void doCommit(DefaultTransactionStatus status) {
	}

	@Override
	protected void doRollback(DefaultTransactionStatus status) {
	}

	@Override
	protected void doCleanupAfterCompletion(Object transaction) {
		TransactionSynchronizationManager.unbindResource(this.dataSource);
	}

	private static final class NoDataSource extends AbstractDataSource {

		@Override
		public Connection getConnection() {
			throw new UnsupportedOperationException();
		}

		@Override
		public Connection getConnection(String username, String password) {
			throw new UnsupportedOperationException();
		}

	}

}
