package dev.outbox.dispatch;

import dev.outbox.store.OutboxRecord;
import dev.outbox.store.OutboxStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deals with events that can never be sent.
 */
final class Poison {

	private static final Logger logger = LoggerFactory.getLogger(Poison.class);

	private final OutboxStore store;

	private final PoisonRules rules;

	Poison(OutboxStore store, PoisonRules rules) {
		this.store = store;
		this.rules = rules;
	}

	// Answers whether the event is out of the way of those behind it. If that could not
	// be told to the table, the relay will come to the event again.
	boolean remove(OutboxRecord event, SendException reason) {
		String message = String.valueOf(reason.getMessage());
		try {
			return switch (this.rules.policy(event)) {
				case PARK -> {
					this.store.park(event.eventId(), message, reason.error());
					logger.error(
							"Event {} of type {} cannot be sent to topic {} and was parked until an operator decides: {}",
							event.eventId(), event.eventType(), event.topic(), message);
					yield true;
				}
				case DEAD_LETTER -> {
					OutboxRecord letter = this.rules.deadLetter(event, reason);
					this.store.redirect(letter);
					logger.error("Event {} of type {} cannot be sent to topic {} and goes to {}: {}", event.eventId(),
							event.eventType(), event.topic(), letter.topic(), message);
					yield true;
				}
				case BLOCK -> {
					this.store.block(event.eventId(), message, reason.error());
					logger.error(
							"Event {} of type {} cannot be sent to topic {}; key {} waits until an operator decides: {}",
							event.eventId(), event.eventType(), event.topic(), event.partitionKey(), message);
					yield false;
				}
			};
		}
		catch (RuntimeException ex) {
			logger.warn("Event {} cannot be sent to topic {}, and could not be taken out of the flow either",
					event.eventId(), event.topic(), ex);
			return false;
		}
	}

}
