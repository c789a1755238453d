package dev.outbox.relay;

import java.util.function.Consumer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether an operator has paused sending, as the table has told last.
 */
final class SendingPause {

	private static final Logger logger = LoggerFactory.getLogger(SendingPause.class);

	private final Consumer<Boolean> listener;

	private boolean paused;

	// The listener is told again and again.
	SendingPause(Consumer<Boolean> listener) {
		this.listener = listener;
	}

	void set(boolean paused) {
		if (paused != this.paused) {
			logger.info(paused ? "Sending is paused until an operator resumes it" : "Sending is resumed");
		}
		this.paused = paused;
		this.listener.accept(paused);
	}

	boolean isSet() {
		return this.paused;
	}

}
