package dev.outbox.confirm;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

import dev.outbox.store.OutboxStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Clears events that Kafka has acknowledged, in batches and on a thread of its own, so
 * that the producer's callbacks never touch the database. After each batch it waits a
 * little, so that the next has many. What it forgets is sent again by the relay.
 *
 * @since 0.1
 */
public final class ClearingQueue {

	private static final Logger logger = LoggerFactory.getLogger(ClearingQueue.class);

	private static final int MOST_WAITING = 100_000;

	private static final int BATCH = 1000;

	// So that under load one statement clears many events.
	private static final Duration APART = Duration.ofMillis(200);

	private static final Duration PAUSE = Duration.ofMillis(500);

	private final BlockingQueue<Acknowledged> acknowledged = new LinkedBlockingQueue<>(MOST_WAITING);

	private final OutboxStore store;

	private final LongSupplier clock;

	private volatile boolean running;

	private volatile boolean idle;

	private volatile @Nullable Acknowledged clearing;

	private volatile @Nullable Thread thread;

	/**
	 * Create a queue.
	 * @param store where events are cleared
	 * @param clock a monotonic clock in nanoseconds
	 */
	public ClearingQueue(OutboxStore store, LongSupplier clock) {
		this.store = store;
		this.clock = clock;
	}

	/**
	 * Clear an event soon. Never waits.
	 * @param eventId the event
	 */
	public void add(UUID eventId) {
		if (!this.acknowledged.offer(new Acknowledged(eventId, this.clock.getAsLong()))) {
			logger.debug("Event {} is left to the relay", eventId);
		}
		if (this.idle) {
			LockSupport.unpark(this.thread);
		}
	}

	/**
	 * How far clearing is behind: everything that was added this long ago has been
	 * cleared, or forgotten.
	 * @return the time for which the oldest event has been waiting
	 */
	public Duration lag() {
		// In this order: what leaves the queue meanwhile is being cleared before that.
		Acknowledged waiting = this.acknowledged.peek();
		Acknowledged clearing = this.clearing;
		Acknowledged oldest = (clearing != null) ? clearing : waiting;
		return (oldest != null) ? Duration.ofNanos(this.clock.getAsLong() - oldest.at()) : Duration.ZERO;
	}

	/**
	 * Start clearing.
	 */
	public void start() {
		this.running = true;
		Thread thread = new Thread(this::run, "outbox-clearing");
		thread.setDaemon(true);
		this.thread = thread;
		thread.start();
	}

	/**
	 * Clear what is waiting, and stop.
	 * @param grace how long that may take
	 */
	public void stop(Duration grace) {
		Thread thread = this.thread;
		this.running = false;
		LockSupport.unpark(thread);
		if (thread != null) {
			try {
				thread.join(Math.max(1, grace.toMillis()));
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}
	}

	private void run() {
		List<Acknowledged> batch = new ArrayList<>();
		try {
			while ((this.running || !this.acknowledged.isEmpty()) && !Thread.currentThread().isInterrupted()) {
				Acknowledged first = this.acknowledged.peek();
				if (first == null) {
					awaitMore();
					continue;
				}
				// Before it leaves the queue.
				this.clearing = first;
				this.acknowledged.drainTo(batch, BATCH);
				clear(batch.stream().map(Acknowledged::eventId).toList());
				boolean caughtUp = batch.size() < BATCH;
				batch.clear();
				this.clearing = null;
				if (caughtUp && this.running) {
					LockSupport.parkNanos(this, APART.toNanos());
				}
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void awaitMore() {
		this.idle = true;
		if (this.acknowledged.isEmpty() && this.running) {
			LockSupport.parkNanos(this, PAUSE.toNanos());
		}
		this.idle = false;
	}

	private void clear(List<UUID> batch) throws InterruptedException {
		boolean cleared = false;
		while (!cleared) {
			try {
				this.store.clear(batch);
				cleared = true;
			}
			catch (RuntimeException | Error ex) {
				logger.warn("{} confirmed events could not be cleared: {}", batch.size(), ex.toString());
				if (!this.running) {
					return;
				}
				TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
			}
		}
	}

	private record Acknowledged(UUID eventId, long at) {

	}

}
