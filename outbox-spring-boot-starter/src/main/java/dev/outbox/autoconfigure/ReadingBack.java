package dev.outbox.autoconfigure;

import java.time.Duration;

import dev.outbox.kafka.GroupWatch;

import org.springframework.kafka.listener.MessageListenerContainer;

/**
 * What reads events back, and what watches over its group.
 *
 * @param container runs the consumers
 * @param group watches over their group
 * @param exclusive whether the instance is not to start if another outbox is in the group
 */
record ReadingBack(MessageListenerContainer container, GroupWatch group, boolean exclusive) {

	private static final Duration PATIENCE = Duration.ofMillis(200);

	void start() {
		this.group.start();
		this.container.start();
	}

	void requireOwnGroup() {
		if (this.exclusive) {
			this.group.requireOwnGroup(PATIENCE);
		}
	}

	void stop() {
		this.group.stop();
		this.container.stop();
	}

}
