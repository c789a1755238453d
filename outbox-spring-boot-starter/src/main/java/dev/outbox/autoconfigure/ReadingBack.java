package dev.outbox.autoconfigure;

import dev.outbox.kafka.GroupWatch;

import org.springframework.context.Lifecycle;

/**
 * What reads events back, and what watches over its group.
 */
final class ReadingBack {

	private final Lifecycle consumers;

	private final GroupWatch group;

	private final boolean exclusive;

	private boolean stopped;

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
	synchronized void start() {
		this.stopped = false;
		this.group.start(this.exclusive, this::join);
	}

	private synchronized void join() {
		if (!this.stopped) {
			try {
				this.consumers.start();
			}
			catch (RuntimeException ex) {
				// What has been started of it, so that it can be started again.
				this.consumers.stop();
				throw ex;
			}
		}
	}

	void stop() {
		this.group.stop();
		leave();
	}

	private synchronized void leave() {
		this.stopped = true;
		this.consumers.stop();
	}

}
