package dev.outbox.relay;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Stream;

import dev.outbox.dispatch.ResendPage;
import dev.outbox.store.Attempt;
import dev.outbox.store.OutboxRecord;
import dev.outbox.store.PendingSize;
import dev.outbox.store.RelayLook;
import dev.outbox.store.RelayStore;
import dev.outbox.store.StoredEvent;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A relay in the middle of fakes, with its clock in the test's hands.
 */
abstract class AbstractRelayTests {

	static final Duration STALE_AFTER = Duration.ofSeconds(10);

	final FakeStore store = new FakeStore();

	final FakeLock lock = new FakeLock();

	final FakeReadBack readBack = new FakeReadBack();

	final List<ResendPage> pages = new ArrayList<>();

	final List<Boolean> pauses = new ArrayList<>();

	List<Attempt> outcome = List.of();

	Function<ResendPage, CompletableFuture<ResendPage.Outcome>> outcomes = (page) -> sent(this.outcome);

	boolean paused;

	long nanos;

	final Relay relay = relay((page) -> {
		this.pages.add(page);
		this.nanos += this.passTime.toNanos();
		return this.outcomes.apply(page);
	});

	Duration passTime = Duration.ZERO;

	static CompletableFuture<ResendPage.Outcome> sent(List<Attempt> attempts) {
		return CompletableFuture.completedFuture(new ResendPage.Outcome(attempts, attempts.size(), false));
	}

	Relay relay(Function<ResendPage, CompletableFuture<ResendPage.Outcome>> resend) {
		return new Relay(this.store, this.lock, this.readBack, resend, this.pauses::add,
				new RelaySettings(Duration.ofSeconds(1), STALE_AFTER, Duration.ofMinutes(10)), () -> this.nanos);
	}

	void tick() throws InterruptedException {
		this.relay.run();
	}

	void pass(Duration time) {
		this.nanos += time.toNanos();
	}

	static StoredEvent event(long id, String key, Duration age, int attempts, Duration sinceAttempt) {
		return new StoredEvent(id, new OutboxRecord(UUID.randomUUID(), "T", "topic", key, "{}", Map.of()), age,
				attempts, sinceAttempt, false);
	}

	final class FakeStore implements RelayStore {

		final List<StoredEvent> events = new ArrayList<>();

		final List<Long> after = new ArrayList<>();

		final List<Long> read = new ArrayList<>();

		final List<Integer> limits = new ArrayList<>();

		final List<Attempt> attempts = new ArrayList<>();

		Function<StoredEvent, Long> sizes = (event) -> 300L;

		Runnable betweenSizesAndPage = () -> {
		};

		int statements;

		int forgotten;

		@Override
		public RelayLook look() {
			this.statements++;
			return new RelayLook(this.events.stream().findFirst().map(StoredEvent::age),
					AbstractRelayTests.this.paused);
		}

		@Override
		public List<PendingSize> sizes(long after, int limit) {
			this.limits.add(limit);
			List<PendingSize> sizes = pending(after, Long.MAX_VALUE, limit)
				.map((event) -> new PendingSize(event.id(), this.sizes.apply(event)))
				.toList();
			this.betweenSizesAndPage.run();
			return sizes;
		}

		@Override
		public List<StoredEvent> page(long after, long upTo, int limit) {
			assertThat(limit).isPositive();
			this.after.add(after);
			return pending(after, upTo, limit).peek((event) -> this.read.add(event.id())).toList();
		}

		private Stream<StoredEvent> pending(long after, long upTo, int limit) {
			return this.events.stream().filter((event) -> event.id() > after && event.id() <= upTo).limit(limit);
		}

		@Override
		public void recordAttempts(List<Attempt> attempts) {
			this.attempts.addAll(attempts);
		}

		@Override
		public void forgetAttempts() {
			this.forgotten++;
		}

	}

	final class FakeLock implements RelayLock {

		boolean free = true;

		boolean released;

		int statements;

		Runnable acquiring = () -> {
		};

		@Override
		public Look look(Duration lease) {
			this.statements++;
			return new Look(this.free, AbstractRelayTests.this.paused);
		}

		@Override
		public boolean acquire(Duration lease) {
			this.statements++;
			this.acquiring.run();
			return this.free;
		}

		@Override
		public void release() {
			this.released = true;
		}

	}

	static final class FakeReadBack implements ReadBack {

		Duration lag = Duration.ZERO;

		Duration patience = Duration.ofMinutes(10);

		boolean ofAcknowledgements;

		int looks;

		@Override
		public void look() {
			this.looks++;
		}

		@Override
		public Duration patience(String topic) {
			return this.patience;
		}

		@Override
		public boolean isOfAcknowledgements() {
			return this.ofAcknowledgements;
		}

		@Override
		public Duration lag(String topic) {
			return this.lag;
		}

	}

}
