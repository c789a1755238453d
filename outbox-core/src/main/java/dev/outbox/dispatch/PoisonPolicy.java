package dev.outbox.dispatch;

/**
 * What becomes of an event that can never be sent, for a reason that concerns it alone.
 *
 * @since 0.1
 */
public enum PoisonPolicy {

	/**
	 * It is taken out of the flow until an operator decides. Those behind it go on.
	 */
	PARK,

	/**
	 * It goes to a dead-letter topic instead. Those behind it go on.
	 */
	DEAD_LETTER,

	/**
	 * It stays where it is, and its key waits until an operator decides.
	 */
	BLOCK

}
