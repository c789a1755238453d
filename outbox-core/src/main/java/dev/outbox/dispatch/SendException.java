package dev.outbox.dispatch;

import dev.outbox.OutboxException;

/**
 * An event could not be sent.
 *
 * @since 0.1
 */
public class SendException extends OutboxException {

	private static final long serialVersionUID = 1L;

	private final Trouble trouble;

	/**
	 * Create an exception.
	 * @param trouble what kind of trouble it is
	 * @param cause what the producer said
	 */
	public SendException(Trouble trouble, Throwable cause) {
		super(String.valueOf(cause.getMessage()), cause);
		this.trouble = trouble;
	}

	/**
	 * The kind of trouble.
	 * @return the kind
	 */
	public Trouble trouble() {
		return this.trouble;
	}

	/**
	 * The class of the producer's own exception.
	 * @return its simple name
	 */
	public String error() {
		Throwable cause = getCause();
		return ((cause != null) ? cause : this).getClass().getSimpleName();
	}

}
