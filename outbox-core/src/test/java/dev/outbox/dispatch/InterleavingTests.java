package dev.outbox.dispatch;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import dev.outbox.store.OutboxRecord;
import dev.outbox.store.PlacedEvent;
import org.jetbrains.lincheck.Lincheck;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What committing threads and the dispatcher's thread share, under many interleavings of
 * their steps: by <a href="https://github.com/JetBrains/lincheck">Lincheck</a>.
 */
class InterleavingTests {

	private static final int INTERLEAVINGS = Integer.getInteger("outbox.test.interleavings", 100);

	private static final int MESSAGES = 100_000;

	// Not by Lincheck, where a sleeping thread may wake up at any time.
	@Test
	void noMessageIsLeftLyingWhileTheLoopSleeps() throws Exception {
		EventLoop loop = new EventLoop("loop", () -> Long.MAX_VALUE);
		loop.hurry(true);
		loop.start();
		for (int i = 0; i < MESSAGES; i++) {
			CountDownLatch done = new CountDownLatch(1);
			if (i % 2 == 0) {
				loop.execute(done::countDown);
			}
			else {
				loop.executeLater(done::countDown);
			}
			assertThat(done.await(10, TimeUnit.SECONDS)).as("message %d", i).isTrue();
		}
		loop.stop();
	}

	@Test
	void whoeverWorksInPlaceOfTheLoopDoesFirstWhatCouldWaitAndNothingIfSomethingIsUrgent() {
		EventLoop loop = new EventLoop("loop", () -> Long.MAX_VALUE);
		List<String> done = new ArrayList<>();
		loop.executeLater(() -> done.add("first"));
		loop.tryInstead(() -> done.add("second"));
		assertThat(done).containsExactly("first", "second");
		loop.executeLater(() -> done.add("third"));
		loop.execute(() -> done.add("fourth"));
		loop.executeLater(() -> done.add("fifth"));
		loop.tryInstead(() -> done.add("never"));
		assertThat(done).containsExactly("first", "second");
		loop.runMessages();
		loop.tryInstead(() -> done.add("sixth"));
		assertThat(done).containsExactly("first", "second", "third", "fourth", "fifth", "sixth");
	}

	@Test
	void whatIsUrgentIsNeverDoneInPlaceOfTheLoop() {
		Lincheck.runConcurrentTest(INTERLEAVINGS, () -> {
			EventLoop loop = new EventLoop("loop", () -> Long.MAX_VALUE);
			AtomicReference<Thread> worker = new AtomicReference<>();
			Thread other = thread(() -> loop.execute(() -> worker.set(Thread.currentThread())));
			loop.executeLater(() -> {
			});
			loop.tryInstead(() -> {
			});
			join(other);
			expect(worker.get() == null);
		});
	}

	@Test
	void whatIsDoneInPlaceOfTheLoopIsNeverDoneAtTheSameTimeAsItsTurns() {
		Lincheck.runConcurrentTest(INTERLEAVINGS, () -> {
			AtomicBoolean working = new AtomicBoolean();
			AtomicInteger clashes = new AtomicInteger();
			Runnable work = () -> {
				if (!working.compareAndSet(false, true)) {
					clashes.incrementAndGet();
				}
				working.set(false);
			};
			EventLoop loop = new EventLoop("loop", () -> {
				work.run();
				return Long.MAX_VALUE;
			});
			loop.start();
			Thread other = thread(() -> loop.tryInstead(work));
			loop.tryInstead(work);
			loop.execute(work);
			join(other);
			loop.stop();
			expect(clashes.get() == 0);
		});
	}

	@Test
	void moreThanTheLimitIsNeverHeld() {
		Lincheck.runConcurrentTest(INTERLEAVINGS, () -> {
			PlacedEvent event = event();
			int size = event.event().size();
			HeldBytes held = new HeldBytes(2L * size - 1);
			AtomicInteger accepted = new AtomicInteger();
			Runnable add = () -> {
				if (held.tryAdd(List.of(event))) {
					accepted.incrementAndGet();
				}
			};
			Thread other = thread(add);
			add.run();
			join(other);
			expect(accepted.get() == 1);
			held.remove(event.event());
			expect(held.tryAdd(List.of(event)));
		});
	}

	// Lincheck compares what methods return, which AssertJ's objects do not allow.
	private static void expect(boolean condition) {
		if (!condition) {
			throw new AssertionError();
		}
	}

	private static PlacedEvent event() {
		return new PlacedEvent(new OutboxRecord(new UUID(0, 1), "T", "topic", "key", "{}", Map.of()), 1, 1);
	}

	private static Thread thread(Runnable task) {
		Thread thread = new Thread(task);
		thread.start();
		return thread;
	}

	private static void join(Thread thread) {
		try {
			thread.join();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
