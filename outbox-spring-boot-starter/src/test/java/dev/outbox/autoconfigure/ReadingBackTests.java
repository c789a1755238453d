package dev.outbox.autoconfigure;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

import dev.outbox.health.InstanceHealth;
import dev.outbox.kafka.GroupWatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.context.Lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * When the consumers that read events back start and stop.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReadingBackTests {

	private final CountDownLatch starting = new CountDownLatch(1);

	private final CountDownLatch hold = new CountDownLatch(1);

	private volatile boolean failing;

	private volatile boolean hanging;

	private final InstanceHealth health = new InstanceHealth(Duration.ofMinutes(1), System::nanoTime);

	private final Lifecycle consumers = new Consumers();

	private final ReadingBack readingBack = readingBack(() -> "", false);

	@Test
	void theStartDoesNotWaitForThem() throws InterruptedException {
		this.readingBack.start();
		this.starting.await();
		this.readingBack.stop();
		assertThat(this.consumers.isRunning()).isFalse();
	}

	@Test
	void theyDoNotStartAfterTheStop() throws Exception {
		CompletableFuture<Thread> looking = new CompletableFuture<>();
		AtomicBoolean stopped = new AtomicBoolean();
		this.hold.countDown();
		ReadingBack slow = readingBack(() -> {
			looking.complete(Thread.currentThread());
			while (!stopped.get()) {
				Thread.onSpinWait();
			}
			return "";
		}, true);
		slow.start();
		Thread watching = looking.get(30, TimeUnit.SECONDS);
		slow.stop();
		stopped.set(true);
		watching.join();
		assertThat(this.consumers.isRunning()).isFalse();
	}

	@Tag("long")
	@Test
	void theStopDoesNotWaitForEverAndAStartThatEndsLaterIsUndone() throws InterruptedException {
		this.hanging = true;
		this.readingBack.start();
		this.starting.await();
		this.readingBack.stop();
		assertThat(this.consumers.isRunning()).isTrue();
		this.hanging = false;
		await().until(() -> !this.consumers.isRunning());
	}

	@Test
	void theyAreStoppedOnAnInterruptedThread() {
		this.hold.countDown();
		this.readingBack.start();
		await().until(this.consumers::isRunning);
		await().until(() -> {
			Thread.currentThread().interrupt();
			this.readingBack.stop();
			return Thread.interrupted() && !this.consumers.isRunning();
		});
	}

	@Test
	void theyStartAgainAfterAStop() {
		this.hold.countDown();
		this.readingBack.start();
		await().until(this.consumers::isRunning);
		this.readingBack.stop();
		this.readingBack.start();
		await().until(this.consumers::isRunning);
		this.readingBack.stop();
	}

	@Test
	void whatHasStartedOfThemStopsIfOthersCannotStart() {
		this.hold.countDown();
		this.failing = true;
		this.readingBack.start();
		await().until(() -> !this.health.troubles(false).isEmpty());
		assertThat(this.consumers.isRunning()).isFalse();
		this.failing = false;
		await().until(this.consumers::isRunning);
		this.readingBack.stop();
	}

	private ReadingBack readingBack(Supplier<String> tables, boolean exclusive) {
		return new ReadingBack(this.consumers, new GroupWatch(Map.of(), "group", tables, this.health, System::nanoTime),
				exclusive);
	}

	/**
	 * Consumers that take their time to start.
	 */
	private final class Consumers implements Lifecycle {

		private volatile boolean running;

		@Override
		public void start() {
			this.running = true;
			ReadingBackTests.this.starting.countDown();
			while (ReadingBackTests.this.hanging) {
				Thread.onSpinWait();
			}
			try {
				ReadingBackTests.this.hold.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			if (ReadingBackTests.this.failing) {
				throw new NoClassDefFoundError("One of several");
			}
		}

		@Override
		public void stop() {
			this.running = false;
		}

		@Override
		public boolean isRunning() {
			return this.running;
		}

	}

}
