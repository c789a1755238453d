package dev.outbox.autoconfigure;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

import dev.outbox.kafka.GroupWatch;

import org.springframework.context.Lifecycle;

/**
 * What reads events back, and what watches over its group.
 */
final class ReadingBack {

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private final Lifecycle consumers;

	private final GroupWatch group;

	private final boolean exclusive;

	private final Lock starting = new ReentrantLock();

	private volatile boolean stopped;

	/**
	 * Create it.
	 * @param consumers read events back
	 * @param group watches over their group
	 * @param exclusive whether to stay out of the group while another outbox is in it
	 */
	ReadingBack(Lifecycle consumers, GroupWatch group, boolean exclusive) {
		this.consumers = consumers;
		this.group = group;
		this.exclusive = exclusive;
	}

	// Consumers are created in the background: it takes as long as all else that the
	// outbox does at the start.
	void start() {
		this.stopped = false;
		this.group.start(this.exclusive, this::join);
	}

	// What has been started is stopped if the others cannot be, so that it can be tried
	// again, or if nobody waited for it.
	private void join() {
		this.starting.lock();
		try {
			if (!this.stopped) {
				startAll();
			}
			if (this.stopped) {
				this.consumers.stop();
			}
		}
		finally {
			this.starting.unlock();
		}
	}

	private void startAll() {
		boolean started = false;
		try {
			this.consumers.start();
			started = true;
		}
		finally {
			if (!started) {
				this.consumers.stop();
			}
		}
	}

	void stop() {
		this.stopped = true;
		this.group.stop();
		if (lockStarting()) {
			try {
				this.consumers.stop();
			}
			finally {
				this.starting.unlock();
			}
		}
	}

	// A start that is under way may wait for somebody who never answers. Who cannot get
	// the lock leaves it to that start to undo itself.
	private boolean lockStarting() {
		try {
			return this.starting.tryLock() || this.starting.tryLock(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

}
