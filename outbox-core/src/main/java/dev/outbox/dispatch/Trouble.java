package dev.outbox.dispatch;

/**
 * Kinds of trouble with sending, told apart by who is concerned.
 *
 * @since 0.1
 */
public enum Trouble {

	/**
	 * The channel was closed before the event was acknowledged. Nothing is wrong with the
	 * event; it is sent again through the next channel.
	 */
	CLOSED,

	/**
	 * The broker cannot be reached or refuses everything. All events wait.
	 */
	OUTAGE,

	/**
	 * The topic is missing, or may not be written. Its events wait, the others go on.
	 */
	TOPIC,

	/**
	 * This one event cannot be sent, now or ever. What becomes of it is up to the
	 * {@link PoisonPolicy}.
	 */
	POISON

}
