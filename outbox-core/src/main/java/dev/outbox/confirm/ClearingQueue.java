package dev.outbox.confirm;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import dev.outbox.store.OutboxStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Clears events that Kafka has acknowledged, in batches and on a thread of its own, so
 * that the producer's callbacks never touch the database. What it forgets is sent again
 * by the relay.
 *
 * @since 0.1
 */
public final class ClearingQueue {

	private static final Logger logger = LoggerFactory.getLogger(ClearingQueue.class);

	private static final int MOST_WAITING = 100_000;

	private static final int BATCH = 1000;

	private static final Duration PAUSE = Duration.ofMillis(500);

	private final BlockingQueue<UUID> acknowledged = new LinkedBlockingQueue<>(MOST_WAITING);

	private final OutboxStore store;

	private volatile boolean running;

	private @Nullable Thread thread;

	/**
	 * Create a queue.
	 * @param store where events are cleared
	 */
	public ClearingQueue(OutboxStore store) {
		this.store = store;
	}

	/**
	 * Clear an event soon. Never waits.
	 * @param eventId the event
	 */
	public void add(UUID eventId) {
		if (!this.acknowledged.offer(eventId)) {
			logger.debug("Event {} is left to the relay", eventId);
		}
	}

	/**
	 * Start clearing.
	 */
	public void start() {
		this.running = true;
		this.thread = new Thread(this::run, "outbox-clearing");
		this.thread.setDaemon(true);
		this.thread.start();
	}

	/**
	 * Clear what is waiting, and stop.
	 * @param grace how long that may take
	 */
	public void stop(Duration grace) {
		Thread thread = this.thread;
		this.running = false;
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
		List<UUID> batch = new ArrayList<>();
		try {
			while (this.running || !this.acknowledged.isEmpty()) {
				UUID first = this.acknowledged.poll(PAUSE.toMillis() / 10, TimeUnit.MILLISECONDS);
				if (first != null) {
					batch.add(first);
					this.acknowledged.drainTo(batch, BATCH - 1);
					clear(batch);
					batch.clear();
				}
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void clear(List<UUID> batch) throws InterruptedException {
		boolean cleared = false;
		while (!cleared) {
			try {
				this.store.clear(batch);
				cleared = true;
			}
			catch (RuntimeException ex) {
				logger.warn("{} confirmed events could not be cleared: {}", batch.size(), ex.toString());
				if (!this.running) {
					return;
				}
				TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
			}
		}
	}

}
