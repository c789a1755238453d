package dev.outbox.jdbc;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import javax.sql.DataSource;

import dev.outbox.store.Attempt;
import dev.outbox.store.OutboxRecord;
import dev.outbox.store.StoredEvent;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Writers that change an aggregate and publish, confirmers that clear batches, twice and
 * in any order, and relays that page, record attempts and park.
 */
final class StoreLoad {

	private static final int WRITERS = 16;

	private static final int CONFIRMERS = 4;

	private static final int RELAYS = 2;

	static final int THREADS = WRITERS + CONFIRMERS + RELAYS;

	private static final int AGGREGATES = 32;

	private final TestDatabase database;

	private final JdbcTemplate sql;

	private final TransactionTemplate transaction;

	private final JdbcOutboxStore store;

	private final JdbcRelayStore relayStore;

	private final Queue<UUID> confirmations = new ConcurrentLinkedQueue<>();

	private final Queue<Exception> failuresOfWriters = new ConcurrentLinkedQueue<>();

	private final Queue<Exception> failuresOfOthers = new ConcurrentLinkedQueue<>();

	private final AtomicInteger writing = new AtomicInteger(WRITERS);

	private final AtomicInteger confirming = new AtomicInteger(CONFIRMERS);

	private final AtomicLong transactions = new AtomicLong();

	private final AtomicLong published = new AtomicLong();

	private final AtomicLong cleared = new AtomicLong();

	private final AtomicLong attempts = new AtomicLong();

	private final AtomicLong slowest = new AtomicLong();

	private volatile long end;

	StoreLoad(TestDatabase database, DataSource pool) {
		this.database = database;
		this.sql = new JdbcTemplate(pool);
		this.transaction = new TransactionTemplate(new JdbcTransactionManager(pool));
		OutboxJdbc outbox = database.outbox(pool, "one");
		this.store = new JdbcOutboxStore(outbox);
		this.relayStore = new JdbcRelayStore(outbox);
	}

	void run(Duration duration) throws Exception {
		this.sql.execute("CREATE TABLE aggregate_row (id INT PRIMARY KEY, version INT NOT NULL)");
		try {
			for (int id = 0; id < AGGREGATES; id++) {
				this.sql.update("INSERT INTO aggregate_row VALUES (?, 0)", id);
			}
			List<Runnable> tasks = new ArrayList<>();
			tasks.addAll(Collections.nCopies(WRITERS, this::write));
			tasks.addAll(Collections.nCopies(CONFIRMERS, this::confirm));
			tasks.addAll(Collections.nCopies(RELAYS, this::relay));
			this.end = System.nanoTime() + duration.toNanos();
			Together.run(duration.plusMinutes(2), tasks);
		}
		finally {
			this.sql.execute("DROP TABLE aggregate_row");
		}
	}

	private void write() {
		while (System.nanoTime() < this.end) {
			int aggregate = ThreadLocalRandom.current().nextInt(AGGREGATES);
			List<OutboxRecord> events = Collections.nCopies(ThreadLocalRandom.current().nextInt(1, 4), aggregate)
				.stream()
				.map((key) -> TestDatabase.event(key.toString()))
				.toList();
			long begin = System.nanoTime();
			if (tried(this.failuresOfWriters, () -> this.transaction.executeWithoutResult((status) -> {
				this.sql.update("UPDATE aggregate_row SET version = version + 1 WHERE id = ?", aggregate);
				this.store.insert(events);
			}))) {
				this.slowest.accumulateAndGet(System.nanoTime() - begin, Math::max);
				this.transactions.incrementAndGet();
				this.published.addAndGet(events.size());
				this.confirmations.addAll(TestDatabase.ids(events));
			}
		}
		this.writing.decrementAndGet();
	}

	private void confirm() {
		List<UUID> again = List.of();
		boolean last = false;
		while (!last) {
			last = this.writing.get() == 0 && this.confirmations.isEmpty();
			List<UUID> ids = new ArrayList<>(again);
			ids.add(UUID.randomUUID());
			while (ids.size() < 200 && !this.confirmations.isEmpty()) {
				Optional.ofNullable(this.confirmations.poll()).ifPresent(ids::add);
			}
			Collections.shuffle(ids);
			tried(this.failuresOfOthers, () -> this.cleared.addAndGet(this.store.clear(ids)));
			again = ids.subList(0, ids.size() / 4);
			this.confirmations.addAll(again.subList(0, last ? 0 : again.size() / 2));
		}
		this.confirming.decrementAndGet();
	}

	private void relay() {
		while (this.confirming.get() > 0) {
			tried(this.failuresOfOthers, () -> {
				this.relayStore.look().oldestAge();
				List<StoredEvent> page = this.relayStore.page(0, Long.MAX_VALUE, 50);
				this.relayStore.recordAttempts(page.stream().map((event) -> new Attempt(event.id(), "late")).toList());
				this.attempts.addAndGet(page.size());
				if (!page.isEmpty()) {
					this.store.park(page.get(0).event().eventId(), "refused", "E");
				}
				this.relayStore.forgetAttempts();
			});
		}
	}

	private static boolean tried(Queue<Exception> failures, Runnable work) {
		try {
			work.run();
			return true;
		}
		catch (RuntimeException ex) {
			failures.add(ex);
			return false;
		}
	}

	Queue<Exception> failuresOfWriters() {
		return this.failuresOfWriters;
	}

	Queue<Exception> failuresOfOthers() {
		return this.failuresOfOthers;
	}

	long published() {
		return this.published.get();
	}

	long cleared() {
		return this.cleared.get();
	}

	long parked() {
		return this.database.number("SELECT COUNT(*) FROM outbox_parked");
	}

	@Override
	public String toString() {
		return "%s transactions, the slowest %d ms; %s events, %s cleared, %d parked, %s attempts; %d writers and %d others failed"
			.formatted(this.transactions, Duration.ofNanos(this.slowest.get()).toMillis(), this.published, this.cleared,
					parked(), this.attempts, this.failuresOfWriters.size(), this.failuresOfOthers.size());
	}

}
