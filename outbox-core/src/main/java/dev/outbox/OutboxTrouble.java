package dev.outbox;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Something that keeps events from being sent or confirmed at present, as one instance of
 * the application sees it. The outbox outlives it: events wait, and go on when it is
 * over.
 *
 * @param kind what is concerned
 * @param topic the topic that is concerned, or {@code null} if it is more than one
 * @param reason what has been seen, and what to do about it
 * @param age how long it has lasted, by the clock of the instance
 * @since 0.1
 */
public record OutboxTrouble(Kind kind, @Nullable String topic, String reason, Duration age) {

	/**
	 * Kinds of trouble, told apart by what is concerned.
	 */
	public enum Kind {

		/**
		 * Kafka cannot be reached, or refuses everything. All events wait.
		 */
		BROKER,

		/**
		 * A topic is missing, or may not be written to. Its events wait, the others go
		 * on.
		 */
		TOPIC,

		/**
		 * The group that reads events back may not read a topic, or may not read at all,
		 * or its consumers cannot be created.
		 */
		READING,

		/**
		 * The group that reads events back does not get on: it has no member, does not
		 * move, or cannot be asked. Events arrive, some of them more than once, and stay
		 * in the table.
		 */
		CONFIRMATION,

		/**
		 * Somebody else is in the group that reads events back, and is given partitions
		 * that belong to this application, or has been left all of them.
		 */
		IDENTITY;

		/**
		 * Whether such trouble is a matter of pending events only, and so is over when
		 * none is pending.
		 * @return whether it is
		 */
		public boolean concernsPending() {
			return this == BROKER || this == TOPIC || this == CONFIRMATION;
		}

	}

}
