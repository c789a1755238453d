package dev.outbox.dispatch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

import dev.outbox.health.InstanceHealth;
import dev.outbox.store.OutboxRecord;
import dev.outbox.store.PlacedEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

/**
 * The dispatcher with its threads.
 */
class DispatcherTests {

	private static final Duration MILLISECOND = Duration.ofMillis(1);

	private static final long NOW = Duration.ofDays(1).toNanos();

	private static final int LARGE = 1_000_000;

	private final FakeTable table = new FakeTable();

	private final AtomicInteger acknowledged = new AtomicInteger();

	private final Queue<UUID> log = new ConcurrentLinkedQueue<>();

	// Its clock stands still.
	private final Dispatcher dispatcher = new Dispatcher(this.table, PromptChannel::new, this::acknowledged,
			DispatchSettings.of(true, Duration.ofMinutes(1), PoisonRules.park()), () -> NOW,
			new InstanceHealth(Duration.ofMinutes(1), () -> NOW));

	private void acknowledged(UUID eventId) {
		this.log.add(eventId);
		this.acknowledged.incrementAndGet();
	}

	@AfterEach
	void stop() {
		this.dispatcher.stop(MILLISECOND);
	}

	@ParameterizedTest
	@CsvSource({ "1001, 51, true", "900, 51, false", "1001, 50, false" })
	void whoCommitsGivesWayWhileManyEventsAreSentLate(int waiting, int late, boolean givesWay) {
		commit("behind another's", 1, late);
		List<PlacedEvent> many = commit("behind another's", waiting, late);
		PlacedEvent first = commit("free", 1, late).get(0);
		List<PlacedEvent> more = commit("free", 20, late);
		this.dispatcher.start();
		this.dispatcher.offer(many);
		this.dispatcher.offer(List.of(first));
		await().untilAtomic(this.acknowledged, equalTo(1));
		List<Duration> times = new ArrayList<>();
		for (PlacedEvent event : more) {
			long start = System.nanoTime();
			this.dispatcher.offer(List.of(event));
			times.add(Duration.ofNanos(System.nanoTime() - start));
		}
		// A pause may end early, and any step may take long.
		long pauses = times.stream().filter((time) -> time.compareTo(MILLISECOND) >= 0).count();
		assertThat(pauses > more.size() / 2).isEqualTo(givesWay);
	}

	@Test
	void whoCommitsWaitsForRoomAsLongAsEventsAreSentLate() {
		fill();
		PlacedEvent large = commit("behind another's", 1, 51, LARGE).get(0);
		long start = System.nanoTime();
		this.dispatcher.offer(List.of(large));
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(MILLISECOND.multipliedBy(100),
				Duration.ofSeconds(10));
	}

	@Test
	void anEventIsSentIfThereIsRoomForItInTime() {
		List<PlacedEvent> blocking = fill();
		PlacedEvent large = commit("another", 1, 51, LARGE).get(0);
		PlacedEvent small = commit("behind another's", 1, 51).get(0);
		CompletableFuture<Void> offered = CompletableFuture.runAsync(() -> this.dispatcher.offer(List.of(large)));
		this.table.clear(List.of(blocking.get(0).event().eventId()));
		this.dispatcher.offer(List.of(small));
		await().untilAtomic(this.acknowledged, equalTo(1 + 16 + 2));
		assertThat(offered).succeedsWithin(Duration.ofSeconds(10));
	}

	// Whichever comes first, and whoever works off the other.
	@Test
	void everyEventIsSentWhetherTheAnswerComesBeforeItsCommitOrAfter() {
		this.table.looked = DispatcherTests::sometimesPause;
		this.table.beforeCommit = (events) -> {
			this.dispatcher.expect(events);
			sometimesPause();
		};
		this.dispatcher.start();
		List<PlacedEvent> events = new ArrayList<>();
		for (int i = 1; i <= 3000; i++) {
			List<PlacedEvent> some = commit("key" + i % 3, 1 + i % 2, 0);
			events.addAll(some);
			this.dispatcher.offer(some);
			if (i % 7 == 0) {
				await().pollInterval(MILLISECOND).untilAtomic(this.acknowledged, equalTo(events.size()));
			}
		}
		await().untilAtomic(this.acknowledged, equalTo(events.size()));
		for (int key = 0; key < 3; key++) {
			List<UUID> ofKey = ids(events, "key" + key);
			assertThat(this.log.stream().filter(Set.copyOf(ofKey)::contains)).containsExactlyElementsOf(ofKey);
		}
	}

	@Test
	void whatDoesNotFitIntoMemoryIsLeftToTheRelayAlsoIfItWaitsForItsAnswer() {
		commit("behind another's", 1, 0);
		List<PlacedEvent> large = commit("behind another's", 3, 0, 5 * LARGE);
		PlacedEvent first = commit("free", 1, 0).get(0);
		this.dispatcher.start();
		this.dispatcher.offer(large);
		this.dispatcher.offer(List.of(first));
		await().untilAtomic(this.acknowledged, equalTo(1));
		this.table.looked = () -> LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
		this.table.beforeCommit = this.dispatcher::expect;
		List<PlacedEvent> tooMuch = commit("free", 1, 0, 2 * LARGE);
		assertThat(tooMuch).allMatch(PlacedEvent::isAsked);
		this.dispatcher.offer(tooMuch);
		await().until(() -> tooMuch.stream().noneMatch(PlacedEvent::isAsked));
		this.table.looked = () -> {
		};
		await().during(Duration.ofMillis(200)).untilAtomic(this.acknowledged, equalTo(1));
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void whatWaitsForAnAnswerIsSentBeforeTheStop(boolean flowing) {
		this.dispatcher.start();
		if (flowing) {
			this.dispatcher.offer(commit("a", 1, 0));
			await().untilAtomic(this.acknowledged, equalTo(1));
		}
		this.table.looked = () -> LockSupport.parkNanos(Duration.ofMillis(300).toNanos());
		this.table.beforeCommit = this.dispatcher::expect;
		this.dispatcher.offer(commit("a", 1, 0));
		long begin = System.nanoTime();
		this.dispatcher.stop(Duration.ofSeconds(20));
		assertThat(this.acknowledged).hasValue(flowing ? 2 : 1);
		assertThat(System.nanoTime() - begin).isLessThan(Duration.ofSeconds(10).toNanos());
	}

	// Which may decide what database is asked.
	@Test
	void whoAsksInheritsNothingFromWhoCommits() {
		InheritableThreadLocal<String> tenant = new InheritableThreadLocal<>();
		List<String> seen = new CopyOnWriteArrayList<>();
		this.table.looked = () -> seen.add(String.valueOf(tenant.get()));
		this.table.beforeCommit = this.dispatcher::expect;
		this.dispatcher.start();
		tenant.set("a");
		this.dispatcher.offer(commit("a", 1, 0));
		await().untilAtomic(this.acknowledged, equalTo(1));
		assertThat(seen).containsExactly("null");
	}

	private static void sometimesPause() {
		int pause = ThreadLocalRandom.current().nextInt(200);
		if (pause > 100) {
			LockSupport.parkNanos(pause * 1000L);
		}
	}

	// Leaves no room for another large event. Answers what the others wait for.
	private List<PlacedEvent> fill() {
		List<PlacedEvent> blocking = commit("behind another's", 1, 51);
		List<PlacedEvent> many = commit("behind another's", 16, 51, LARGE);
		PlacedEvent first = commit("free", 1, 51).get(0);
		this.dispatcher.start();
		this.dispatcher.offer(many);
		this.dispatcher.offer(List.of(first));
		await().untilAtomic(this.acknowledged, equalTo(1));
		return blocking;
	}

	private static List<UUID> ids(List<PlacedEvent> events, String key) {
		return events.stream()
			.map(PlacedEvent::event)
			.filter((event) -> event.partitionKey().equals(key))
			.map(OutboxRecord::eventId)
			.toList();
	}

	private List<PlacedEvent> commit(String key, int events, int late) {
		return commit(key, events, late, 0);
	}

	private List<PlacedEvent> commit(String key, int events, int late, int size) {
		this.table.clock = () -> NOW - Duration.ofMillis(late).toNanos();
		return this.table.insert(IntStream.range(0, events)
			.mapToObj((number) -> new OutboxRecord(UUID.randomUUID(), "T", "topic", key, "x".repeat(size), Map.of()))
			.toList());
	}

}
