package dev.outbox.dispatch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

import dev.outbox.health.InstanceHealth;
import dev.outbox.store.OrderingKey;
import dev.outbox.store.OutboxRecord;
import dev.outbox.store.PendingEvent;
import dev.outbox.store.PendingQuery;
import dev.outbox.store.PlacedEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The dispatcher with its threads.
 */
class DispatcherTests {

	private static final Duration MILLISECOND = Duration.ofMillis(1);

	private final SlowTable table = new SlowTable();

	private final Dispatcher dispatcher = new Dispatcher(this.table, PromptChannel::new, (eventId) -> {
	}, DispatchSettings.of(true, Duration.ofMinutes(1), PoisonRules.park()), System::nanoTime,
			new InstanceHealth(Duration.ofMinutes(1), System::nanoTime));

	@AfterEach
	void stop() {
		this.dispatcher.stop(Duration.ofSeconds(10));
	}

	@Test
	void whoCommitsGivesWayWhileManyEventsAreSentLate() {
		List<PlacedEvent> many = commit(4000);
		List<PlacedEvent> more = commit(40);
		this.dispatcher.start();
		assertThat(offer(more.subList(0, 20))).as("without a backlog")
			.anyMatch((time) -> time.compareTo(MILLISECOND) < 0);
		many.forEach((event) -> this.dispatcher.offer(List.of(event)));
		await().until(() -> this.table.answered.get() > 4);
		assertThat(offer(more.subList(20, 40))).as("behind many")
			.filteredOn((time) -> time.compareTo(MILLISECOND) >= 0)
			.hasSizeGreaterThan(15);
	}

	private List<Duration> offer(List<PlacedEvent> events) {
		List<Duration> times = new ArrayList<>();
		for (PlacedEvent event : events) {
			long start = System.nanoTime();
			this.dispatcher.offer(List.of(event));
			times.add(Duration.ofNanos(System.nanoTime() - start));
		}
		return times;
	}

	private List<PlacedEvent> commit(int events) {
		return this.table.insert(IntStream.range(0, events)
			.mapToObj((number) -> new OutboxRecord(UUID.randomUUID(), "T", "topic", "key" + UUID.randomUUID(), "{}",
					Map.of()))
			.toList(), (key) -> 0);
	}

	private static final class SlowTable extends FakeTable {

		private final AtomicInteger answered = new AtomicInteger();

		@Override
		public List<PendingEvent> pending(List<PendingQuery> queries) {
			LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
			this.answered.incrementAndGet();
			return super.pending(queries);
		}

	}

	private static final class PromptChannel implements SendChannel {

		@Override
		public int partition(OrderingKey key) {
			return 0;
		}

		@Override
		public void send(OutboxRecord event, int partition, boolean alone, Completion completion) {
			completion.completed(null);
		}

		@Override
		public boolean isClosed() {
			return false;
		}

		@Override
		public void close(Duration grace) {
		}

	}

}
