package dev.outbox.relay;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

import dev.outbox.store.Attempt;
import dev.outbox.store.PendingSize;
import dev.outbox.store.RelayLook;
import dev.outbox.store.RelayStore;
import dev.outbox.store.StoredEvent;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The relay on its thread: how it begins, fails and ends.
 */
class RelayThreadTests {

	private static final Duration GRACE = Duration.ofSeconds(20);

	private final List<String> calls = Collections.synchronizedList(new ArrayList<>());

	@Test
	void itLooksAsSoonAsItStarts() {
		RelayThread thread = thread(Duration.ofDays(1), () -> true);
		thread.start();
		await().until(() -> this.calls.contains("look"));
		thread.stop(GRACE);
	}

	@Test
	void aRunThatFailsIsFollowedByTheNext() {
		AtomicInteger failures = new AtomicInteger(2);
		RelayThread thread = thread(Duration.ofMillis(1), () -> {
			if (failures.getAndDecrement() > 0) {
				throw new IllegalStateException("The database is down");
			}
			return true;
		});
		thread.start();
		await().until(() -> this.calls.contains("look"));
		thread.stop(GRACE);
	}

	// Given back before that, it would be taken again by what is under way.
	@Test
	void theLockIsGivenBackWhenTheLastRunHasEnded() throws Exception {
		CountDownLatch acquiring = new CountDownLatch(1);
		CountDownLatch stopped = new CountDownLatch(1);
		RelayThread thread = thread(Duration.ofSeconds(1), () -> {
			acquiring.countDown();
			try {
				stopped.await();
			}
			catch (InterruptedException ex) {
				this.calls.add("to stop " + happens(stopped));
			}
			this.calls.add("acquired");
			return true;
		});
		thread.start();
		acquiring.await();
		thread.stop(GRACE);
		stopped.countDown();
		assertThat(this.calls).startsWith("to stop false", "acquired").endsWith("released");
	}

	private static boolean happens(CountDownLatch latch) {
		try {
			return latch.await(200, TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private RelayThread thread(Duration interval, BooleanSupplier acquire) {
		ReadBack readBack = ReadBack.ofAcknowledgements(() -> Duration.ZERO);
		Relay relay = new Relay(new EmptyStore(), new Lock(acquire), readBack, (page) -> new CompletableFuture<>(),
				(paused) -> {
				}, new RelaySettings(interval, Duration.ofSeconds(10), Duration.ofMinutes(10)), System::nanoTime);
		return new RelayThread(relay, interval);
	}

	private final class Lock implements RelayLock {

		private final BooleanSupplier acquire;

		Lock(BooleanSupplier acquire) {
			this.acquire = acquire;
		}

		@Override
		public Look look(Duration lease) {
			return new Look(true, false);
		}

		@Override
		public boolean acquire(Duration lease) {
			return this.acquire.getAsBoolean();
		}

		@Override
		public void release() {
			RelayThreadTests.this.calls.add("released");
		}

	}

	private final class EmptyStore implements RelayStore {

		@Override
		public RelayLook look() {
			RelayThreadTests.this.calls.add("look");
			return new RelayLook(Optional.empty(), false);
		}

		@Override
		public List<PendingSize> sizes(long after, int limit) {
			return List.of();
		}

		@Override
		public List<StoredEvent> page(long after, long upTo, int limit) {
			return List.of();
		}

		@Override
		public void recordAttempts(List<Attempt> attempts) {
		}

		@Override
		public void forgetAttempts() {
		}

	}

}
