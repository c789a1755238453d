package dev.outbox.dispatch;

import java.time.Duration;

import dev.outbox.store.OrderingKey;
import dev.outbox.store.OutboxRecord;
import org.jspecify.annotations.Nullable;

/**
 * The life of one producer. What is sent through a channel to one partition is appended
 * in the order in which it was sent, up to the first failure, and nothing after that
 * failure: to keep this promise a channel closes itself at the failure of an event that
 * others may have followed.
 * <p>
 * Used by one thread; callbacks come on another.
 *
 * @since 0.1
 */
public interface SendChannel {

	/**
	 * The partition to which events of a key go at present.
	 * @param key the key
	 * @return the partition
	 * @throws SendException if the topic is not to be had
	 */
	int partition(OrderingKey key);

	/**
	 * Send an event. Does not wait for the acknowledgement.
	 * @param event the event
	 * @param partition its partition
	 * @param alone whether nothing else will be sent to this partition before the event
	 * is completed, so that the channel can outlive its failure
	 * @param completion called once, if this method returns
	 * @throws SendException if the event was not sent and never will be by this call
	 */
	void send(OutboxRecord event, int partition, boolean alone, Completion completion);

	/**
	 * Whether the channel has been closed, by itself or otherwise.
	 * @return whether it is closed
	 */
	boolean isClosed();

	/**
	 * Close the channel and wait until the last callback has been called.
	 * @param grace how long events under way may take to be acknowledged
	 */
	void close(Duration grace);

	/**
	 * Opens channels.
	 *
	 * @since 0.1
	 */
	@FunctionalInterface
	interface Factory {

		/**
		 * Open a channel.
		 * @return the channel
		 */
		SendChannel open();

	}

	/**
	 * Is told what became of an event.
	 *
	 * @since 0.1
	 */
	@FunctionalInterface
	interface Completion {

		/**
		 * The event was acknowledged, or failed for good in this channel.
		 * @param failure why it failed, or {@code null}
		 */
		void completed(@Nullable SendException failure);

	}

}
