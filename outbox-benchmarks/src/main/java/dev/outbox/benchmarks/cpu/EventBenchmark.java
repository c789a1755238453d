package dev.outbox.benchmarks.cpu;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import dev.outbox.EventType;
import dev.outbox.OutboxEventPublisher;
import dev.outbox.dispatch.DispatchSettings;
import dev.outbox.dispatch.Dispatcher;
import dev.outbox.dispatch.PoisonRules;
import dev.outbox.health.InstanceHealth;
import dev.outbox.json.JsonEnvelope;
import dev.outbox.publish.ContextHeaders;
import dev.outbox.publish.EventLimits;
import dev.outbox.publish.EventTypes;
import dev.outbox.publish.OutboxTransactions;
import dev.outbox.publish.TransactionalOutboxEventPublisher;
import dev.outbox.store.Handover;
import dev.outbox.store.PlacedEvent;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.transaction.support.TransactionTemplate;

/**
 * One event's way through the code, with a table and a channel that do nothing.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 2, jvmArgsAppend = "-Xmx512m")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class EventBenchmark {

	private static final int KEYS = 1000;

	// Few enough not to wait for others, which they might be asked about together with.
	private static final int BATCH = 8;

	private static final EventType TYPE = new Paid();

	private static final Payment PAYMENT = new Payment("EUR", 4711, "x".repeat(200));

	private final NoDatabase database = new NoDatabase();

	private final NoDatabase unread = new NoDatabase();

	private final TransactionTemplate transaction = new TransactionTemplate(this.database);

	private final TransactionTemplate unreadTransaction = new TransactionTemplate(this.unread);

	private final Semaphore acknowledged = new Semaphore(0);

	private final Dispatcher dispatcher = new Dispatcher(this.database, NoChannel::new,
			(eventId) -> this.acknowledged.release(),
			DispatchSettings.of(true, Duration.ofMinutes(1), PoisonRules.park()), System::nanoTime,
			new InstanceHealth(Duration.ofMinutes(1), System::nanoTime));

	private final OutboxEventPublisher publisher = publisher(this.unread, this.unreadTransaction, (events) -> {
	});

	private final OutboxEventPublisher sender = publisher(this.database, this.transaction, this.dispatcher);

	private int number;

	private static OutboxEventPublisher publisher(NoDatabase database, TransactionTemplate transaction,
			Handover handover) {
		OutboxTransactions transactions = new OutboxTransactions(database::dataSource, () -> database, () -> {
		}, () -> handover);
		transactions.follow(database, "transactionManager");
		return new TransactionalOutboxEventPublisher(new EventTypes(List.of(TYPE)), new EventLimits(Set.of(), 1 << 20),
				new JsonEnvelope(new JsonMapper()), ContextHeaders.NONE, transactions, () -> transaction, (event) -> {
				}, InstantSource.system());
	}

	/**
	 * Start.
	 */
	@Setup
	public void start() {
		this.dispatcher.start();
	}

	/**
	 * Stop.
	 */
	@TearDown
	public void stop() {
		this.dispatcher.stop(Duration.ofSeconds(10));
	}

	/**
	 * A transaction that publishes nothing.
	 */
	@Benchmark
	public void transaction() {
		this.transaction.executeWithoutResult((status) -> {
		});
	}

	/**
	 * A transaction that publishes an event, which nobody sends.
	 */
	@Benchmark
	public void publish() {
		publish(this.publisher, this.unreadTransaction);
	}

	/**
	 * A transaction that publishes an event and sends it, on this thread or on the one
	 * that has asked for its place.
	 */
	@Benchmark
	public void publishAndSend() {
		publish(this.sender, this.transaction);
		this.acknowledged.acquireUninterruptibly();
	}

	/**
	 * Events that were committed and wait for the dispatcher's thread, some at a time,
	 * which has the table asked for their places.
	 */
	@Benchmark
	@OperationsPerInvocation(BATCH)
	public void dispatch() {
		for (int i = 0; i < BATCH; i++) {
			this.dispatcher.offer(List.of(new PlacedEvent(this.database.event(TYPE, nextKey()), 0, System.nanoTime())));
		}
		this.acknowledged.acquireUninterruptibly(BATCH);
	}

	private void publish(OutboxEventPublisher publisher, TransactionTemplate transaction) {
		transaction.executeWithoutResult((status) -> publisher.publishEvent(TYPE, nextKey(), PAYMENT));
	}

	private String nextKey() {
		this.number = (this.number + 1) % KEYS;
		return String.valueOf(this.number);
	}

	/**
	 * A payload.
	 *
	 * @param currency the currency
	 * @param amount the amount
	 * @param text gives the event its size
	 */
	record Payment(String currency, long amount, String text) {

	}

	private record Paid() implements EventType {

		@Override
		public String name() {
			return "PAID";
		}

		@Override
		public String topic() {
			return "payments";
		}

	}

}
