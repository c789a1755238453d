package dev.outbox.confirm;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import dev.outbox.store.OutboxRecord;
import dev.outbox.store.OutboxStore;
import dev.outbox.store.PendingEvent;
import dev.outbox.store.PendingQuery;
import dev.outbox.store.PlacedEvent;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Clearing in batches, through a database that fails at times.
 */
class ClearingQueueTests {

	private final FakeStore store = new FakeStore();

	private final AtomicLong clock = new AtomicLong();

	private final ClearingQueue queue = new ClearingQueue(this.store, this.clock::get);

	@Test
	void acknowledgedEventsAreClearedInBatches() {
		for (int i = 0; i < 2500; i++) {
			this.queue.add(UUID.randomUUID());
		}
		this.queue.start();
		await().until(() -> this.store.cleared.size() == 2500);
		assertThat(this.store.statements.get()).isEqualTo(3);
		this.queue.stop(Duration.ofSeconds(5));
	}

	@Test
	void eventsThatAreAcknowledgedOneByOneAreClearedTogether() {
		ScheduledExecutorService producer = Executors.newSingleThreadScheduledExecutor();
		this.queue.start();
		ScheduledFuture<?> adding = producer.scheduleAtFixedRate(() -> this.queue.add(UUID.randomUUID()), 0, 1,
				TimeUnit.MILLISECONDS);
		await().until(() -> this.store.cleared.size() >= 200);
		adding.cancel(false);
		producer.shutdown();
		assertThat(this.store.statements.get()).isLessThan(20);
		this.queue.stop(Duration.ofSeconds(5));
	}

	@Test
	void aFailingDatabaseIsTriedAgain() {
		this.store.failures.set(2);
		this.queue.start();
		this.queue.add(UUID.randomUUID());
		await().until(() -> this.store.cleared.size() == 1);
		this.queue.stop(Duration.ofSeconds(5));
	}

	@Test
	void whatIsWaitingIsClearedBeforeTheEnd() {
		this.queue.start();
		for (int i = 0; i < 5000; i++) {
			this.queue.add(UUID.randomUUID());
		}
		this.queue.stop(Duration.ofSeconds(5));
		assertThat(this.store.cleared).hasSize(5000);
	}

	@Test
	void itIsBehindByTheAgeOfTheOldestThatIsNotCleared() {
		assertThat(this.queue.lag()).isZero();
		this.queue.add(UUID.randomUUID());
		this.clock.set(Duration.ofSeconds(3).toNanos());
		this.queue.add(UUID.randomUUID());
		this.clock.set(Duration.ofSeconds(10).toNanos());
		assertThat(this.queue.lag()).isEqualTo(Duration.ofSeconds(10));
		this.store.failures.set(Integer.MAX_VALUE);
		this.queue.start();
		await().until(() -> this.store.failures.get() < Integer.MAX_VALUE);
		assertThat(this.queue.lag()).isEqualTo(Duration.ofSeconds(10));
		this.store.failures.set(0);
		await().until(() -> this.queue.lag().isZero());
		assertThat(this.store.cleared).hasSize(2);
		this.queue.stop(Duration.ofSeconds(5));
	}

	private static final class FakeStore implements OutboxStore {

		final List<UUID> cleared = Collections.synchronizedList(new ArrayList<>());

		final AtomicInteger statements = new AtomicInteger();

		final AtomicInteger failures = new AtomicInteger();

		@Override
		public int clear(Collection<UUID> eventIds) {
			if (this.failures.getAndDecrement() > 0) {
				throw new IllegalStateException("The database is down");
			}
			this.statements.incrementAndGet();
			this.cleared.addAll(eventIds);
			return eventIds.size();
		}

		@Override
		public List<PlacedEvent> insert(List<OutboxRecord> events) {
			throw new UnsupportedOperationException();
		}

		@Override
		public List<PendingEvent> pending(List<PendingQuery> queries) {
			throw new UnsupportedOperationException();
		}

		@Override
		public List<PendingEvent> pending(Collection<UUID> eventIds) {
			throw new UnsupportedOperationException();
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

	}

}
