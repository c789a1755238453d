package dev.outbox.jdbc;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;

import javax.sql.DataSource;

import dev.outbox.EventType;
import dev.outbox.OutboxEventPublisher;
import dev.outbox.confirm.ClearingQueue;
import dev.outbox.dispatch.DispatchSettings;
import dev.outbox.dispatch.Dispatcher;
import dev.outbox.dispatch.PoisonRules;
import dev.outbox.dispatch.PromptChannel;
import dev.outbox.publish.ContextHeaders;
import dev.outbox.publish.EventLimits;
import dev.outbox.publish.EventTypes;
import dev.outbox.publish.OutboxTransactions;
import dev.outbox.publish.TransactionalOutboxEventPublisher;

import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * An event's whole way, from the publisher through table, dispatcher and channel to its
 * clearing, with a channel that acknowledges at once.
 */
final class Engine implements AutoCloseable {

	private static final Duration GRACE = Duration.ofSeconds(60);

	private static final EventType TYPE = new OrderCreated();

	private final ClearingQueue clearing;

	private final Dispatcher dispatcher;

	private final TransactionTemplate transaction;

	private final OutboxEventPublisher publisher;

	Engine(DataSource dataSource, OutboxJdbc outbox) {
		JdbcOutboxStore store = new JdbcOutboxStore(outbox);
		this.clearing = new ClearingQueue(store, System::nanoTime);
		this.dispatcher = new Dispatcher(store, PromptChannel::new, this.clearing::add,
				DispatchSettings.of(true, Duration.ofSeconds(10), PoisonRules.park()), System::nanoTime,
				TestDatabase.health());
		OutboxTransactions transactions = new OutboxTransactions(() -> dataSource, () -> store, () -> {
		}, () -> this.dispatcher);
		JdbcTransactionManager manager = new JdbcTransactionManager(dataSource);
		transactions.follow(manager, "transactionManager");
		this.transaction = new TransactionTemplate(manager);
		this.publisher = new TransactionalOutboxEventPublisher(new EventTypes(List.of(TYPE)),
				new EventLimits(Set.of(), 1 << 20), (eventId, type, payload) -> String.valueOf(payload),
				ContextHeaders.NONE, transactions, () -> this.transaction, (event) -> {
				}, InstantSource.system());
		this.clearing.start();
		this.dispatcher.start();
	}

	/**
	 * Publish the events of one transaction.
	 * @param keys the partition key of each
	 */
	void publish(List<String> keys) {
		this.transaction.executeWithoutResult(
				(status) -> keys.forEach((key) -> this.publisher.publishEvent(TYPE, key, "x".repeat(300))));
	}

	/**
	 * Send and clear everything that was published.
	 */
	@Override
	public void close() {
		this.dispatcher.stop(GRACE);
		this.clearing.stop(GRACE);
	}

	private record OrderCreated() implements EventType {

		@Override
		public String name() {
			return "ORDER_CREATED";
		}

		@Override
		public String topic() {
			return TestDatabase.TOPIC;
		}

	}

}
