package dev.outbox.dispatch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

import dev.outbox.relay.ReadBack;
import dev.outbox.relay.Relay;
import dev.outbox.relay.RelayLock;
import dev.outbox.relay.RelaySettings;
import dev.outbox.relay.TopicReading;
import dev.outbox.store.Attempt;
import dev.outbox.store.OutboxRecord;
import dev.outbox.store.PendingSize;
import dev.outbox.store.PlacedEvent;
import dev.outbox.store.RelayLook;
import dev.outbox.store.RelayStore;
import dev.outbox.store.StoredEvent;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is sent again while the confirming group is behind for many minutes and the
 * application goes on publishing. The relay, the dispatchers and the table are put
 * together; time passes in steps of a second.
 */
class LaggingGroupTests {

	private static final int PUBLISHED_PER_SECOND = 10;

	// Of two instances, or three, each has keys of its own.
	private static final int KEYS = 18;

	private static final Duration LONG = Duration.ofMinutes(10);

	@Test
	void whatAGroupThatStandsStillHasNotReadIsNotSentAgain() {
		Run run = new Run(1, false);
		run.pass(LONG, PUBLISHED_PER_SECOND, 0);
		run.drain();
		assertThat(run.copiesPerEvent()).isLessThan(1.05);
	}

	@Test
	void whatASlowGroupHasNotReadYetIsNotSentAgain() {
		Run run = new Run(1, false);
		run.pass(LONG.multipliedBy(3), PUBLISHED_PER_SECOND, PUBLISHED_PER_SECOND / 2);
		run.drain();
		assertThat(run.copiesPerEvent()).isLessThan(1.05);
	}

	@Test
	void whatOtherInstancesHaveSentIsNotSentAgainEither() {
		Run run = new Run(3, true);
		run.pass(LONG, PUBLISHED_PER_SECOND, 0);
		run.drain();
		assertThat(run.copiesPerEvent()).isLessThan(1.05);
	}

	@Test
	void whatOtherInstancesHaveSentIsNotSentAgainEitherWhereTheGroupIsSlow() {
		Run run = new Run(3, true);
		run.pass(LONG.multipliedBy(3), PUBLISHED_PER_SECOND, PUBLISHED_PER_SECOND / 2);
		run.drain();
		assertThat(run.copiesPerEvent()).isLessThan(1.05);
	}

	// Those that the relay's own instance has not sent, and once.
	@Test
	void ofWhatOtherInstancesHaveSentEachIsSentAgainOnceWhereTheRelayCannotReadItEither() {
		Run run = new Run(2, false);
		run.pass(LONG, PUBLISHED_PER_SECOND, 0);
		run.drain();
		assertThat(run.copiesPerEvent()).isLessThan(1.55);
	}

	@Test
	void anEventThatNobodyHasSentIsSentAlthoughTheGroupStandsStill() {
		Run run = new Run(1, false);
		run.pass(Duration.ofMinutes(1), PUBLISHED_PER_SECOND, 0);
		UUID lost = run.commit("key").event().eventId();
		run.pass(Duration.ofMinutes(1), PUBLISHED_PER_SECOND, 0);
		assertThat(run.log).contains(lost);
	}

	private static final class Run {

		private final List<UUID> log = new ArrayList<>();

		private final FakeTable table = new FakeTable();

		private final List<Instance> instances = new ArrayList<>();

		private final Map<Long, Long> storedAt = new HashMap<>();

		private final Map<Long, List<Long>> attempts = new HashMap<>();

		private final TopicReading<Integer> reading = new TopicReading<>();

		private final boolean readable;

		private long readInPlace;

		private final Relay relay;

		private long nanos;

		private int read;

		private int published;

		Run(int instances, boolean readable) {
			this.readable = readable;
			this.table.places = true;
			for (int i = 0; i < instances; i++) {
				FakeBroker broker = new FakeBroker() {

					@Override
					void appended(UUID eventId) {
						Run.this.log.add(eventId);
					}

				};
				broker.partitions = 1;
				this.instances.add(new Instance(this.table, broker));
			}
			this.relay = new Relay(new Store(), new OwnLock(), new Group(), this::resend, (paused) -> {
			}, new RelaySettings(Duration.ofSeconds(1), Instance.STALE_AFTER, Duration.ofMinutes(10)),
					() -> this.nanos);
		}

		double copiesPerEvent() {
			System.out.printf("%d published by %d instances, %d produced%n", this.published, this.instances.size(),
					this.log.size());
			return (double) this.log.size() / this.published;
		}

		void pass(Duration time, int published, int read) {
			for (long second = 0; second < time.toSeconds(); second++) {
				for (int i = 0; i < published; i++) {
					Instance instance = this.instances.get(this.published % this.instances.size());
					instance.offer(commit("key" + this.published % KEYS));
				}
				this.nanos += Duration.ofSeconds(1).toNanos();
				this.instances.forEach((instance) -> instance.pass(Duration.ofSeconds(1)));
				send();
				int upTo = Math.min(this.log.size(), this.read + read);
				this.table.clear(new HashSet<>(this.log.subList(this.read, upTo)));
				this.read = upTo;
				relay();
			}
		}

		void drain() {
			for (int i = 0; i < 100 && !this.table.rows.isEmpty(); i++) {
				pass(Duration.ofSeconds(10), 0, 100 * PUBLISHED_PER_SECOND);
			}
			assertThat(this.table.rows).isEmpty();
			assertThat(new HashSet<>(this.log)).hasSize(this.published);
		}

		PlacedEvent commit(String key) {
			OutboxRecord event = new OutboxRecord(UUID.randomUUID(), "T", "topic", key, "{}", Map.of());
			PlacedEvent placed = this.table.insert(List.of(event)).get(0);
			this.storedAt.put(this.table.lastId(), this.nanos);
			this.published++;
			return placed;
		}

		private void send() {
			for (int i = 0; i < 3; i++) {
				for (Instance instance : this.instances) {
					instance.settle();
					instance.broker.acknowledgeAll();
				}
			}
		}

		private void relay() {
			try {
				this.relay.run();
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		}

		private CompletableFuture<ResendPage.Outcome> resend(ResendPage page) {
			this.instances.get(0).resend(page);
			while (!page.done().isDone()) {
				send();
			}
			return page.done();
		}

		private final class Group implements ReadBack {

			@Override
			public void look() {
				Run run = Run.this;
				Map<Integer, Long> ends = Map.of(0, (long) run.log.size());
				if (run.reading.lookAtGroup(ends, Map.of(0, (long) run.read), run.nanos) && run.readable) {
					run.table.clear(new HashSet<>(run.log));
					run.readInPlace = run.log.size();
				}
				run.reading.look(ends, Map.of(0, Math.max(run.readInPlace, run.read)), run.nanos);
			}

			@Override
			public Duration lag(String topic) {
				return Run.this.reading.lag();
			}

			@Override
			public Duration patience(String topic) {
				return Run.this.reading.patience();
			}

		}

		private static final class OwnLock implements RelayLock {

			@Override
			public Look look(Duration lease) {
				return new Look(true, false);
			}

			@Override
			public boolean acquire(Duration lease) {
				return true;
			}

			@Override
			public void release() {
			}

		}

		private final class Store implements RelayStore {

			@Override
			public RelayLook look() {
				return new RelayLook(Run.this.table.rows.keySet().stream().findFirst().map(this::age), false);
			}

			@Override
			public List<PendingSize> sizes(long after, int limit) {
				return Run.this.table.rows.tailMap(after, false)
					.keySet()
					.stream()
					.limit(limit)
					.map((id) -> new PendingSize(id, 300))
					.toList();
			}

			@Override
			public List<StoredEvent> page(long after, long upTo, int limit) {
				return Run.this.table.rows.subMap(after, false, upTo, true)
					.entrySet()
					.stream()
					.limit(limit)
					.map((row) -> {
						List<Long> attempts = Run.this.attempts.getOrDefault(row.getKey(), List.of());
						Duration sinceAttempt = attempts.isEmpty() ? Duration.ZERO
								: since(attempts.get(attempts.size() - 1));
						return new StoredEvent(row.getKey(), row.getValue(), age(row.getKey()), attempts.size(),
								sinceAttempt, false);
					})
					.toList();
			}

			@Override
			public void recordAttempts(List<Attempt> attempts) {
				for (Attempt attempt : attempts) {
					Run.this.attempts.computeIfAbsent(attempt.id(), (id) -> new ArrayList<>()).add(Run.this.nanos);
				}
			}

			@Override
			public void forgetAttempts() {
			}

			private Duration age(long id) {
				return since(Run.this.storedAt.getOrDefault(id, 0L));
			}

			private Duration since(long time) {
				return Duration.ofNanos(Run.this.nanos - time);
			}

		}

	}

}
