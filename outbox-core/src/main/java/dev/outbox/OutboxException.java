package dev.outbox;

import org.jspecify.annotations.Nullable;

/**
 * The root of all exceptions that the outbox throws. Its message says what was wrong and
 * what to do instead.
 *
 * @since 0.1
 */
public class OutboxException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	/**
	 * Create an exception.
	 * @param message what was wrong and what to do
	 */
	public OutboxException(String message) {
		super(message);
	}

	/**
	 * Create an exception that has a cause.
	 * @param message what was wrong and what to do
	 * @param cause what led to it
	 */
	public OutboxException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
