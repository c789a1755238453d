package dev.outbox.dispatch;

import dev.outbox.store.OutboxRecord;

/**
 * Tells what becomes of events that can never be sent.
 *
 * @since 0.1
 */
public interface PoisonRules {

	/**
	 * What is to become of an event.
	 * @param event the event
	 * @return the policy
	 */
	PoisonPolicy policy(OutboxRecord event);

	/**
	 * The event as it goes to its dead-letter topic, if that is the policy.
	 * @param event the event
	 * @param reason why it cannot be sent to its own topic
	 * @return the same event for another topic, with headers that tell why
	 */
	OutboxRecord deadLetter(OutboxRecord event, SendException reason);

	/**
	 * Every such event is parked.
	 * @return the rules
	 */
	static PoisonRules park() {
		return new PoisonRules() {

			@Override
			public PoisonPolicy policy(OutboxRecord event) {
				return PoisonPolicy.PARK;
			}

			@Override
			public OutboxRecord deadLetter(OutboxRecord event, SendException reason) {
				return event;
			}

		};
	}

}
