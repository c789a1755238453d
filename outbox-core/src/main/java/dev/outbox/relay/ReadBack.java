package dev.outbox.relay;

import java.time.Duration;
import java.util.function.Supplier;

/**
 * Tells how far the reading back of events is behind, so that what has merely not been
 * read yet is not sent again.
 *
 * @since 0.1
 */
public interface ReadBack {

	/**
	 * Look again how far the reading is.
	 */
	void look();

	/**
	 * An upper bound of how far the reading was behind at the last look: everything that
	 * Kafka had acknowledged this long ago has been read.
	 * @param topic the topic
	 * @return how far it is behind
	 */
	Duration lag(String topic);

	/**
	 * For how long an event is to be taken for one that has merely not been read, where
	 * the lag is longer. After that it may be sent again, but not by the instance that
	 * has sent it.
	 * @param topic the topic
	 * @return the time
	 */
	default Duration patience(String topic) {
		return lag(topic);
	}

	/**
	 * Whether Kafka's acknowledgement confirms an event, so that to have sent it again is
	 * nothing to remember.
	 * @return whether it does
	 */
	default boolean isOfAcknowledgements() {
		return false;
	}

	/**
	 * Where events are confirmed by Kafka's acknowledgement nothing is read back, but
	 * what is acknowledged is not cleared at once.
	 * @param clearing how far the clearing is behind
	 * @return what tells that, for every topic
	 */
	static ReadBack ofAcknowledgements(Supplier<Duration> clearing) {
		return new ReadBack() {

			@Override
			public void look() {
			}

			@Override
			public Duration lag(String topic) {
				return clearing.get();
			}

			@Override
			public boolean isOfAcknowledgements() {
				return true;
			}

		};
	}

}
