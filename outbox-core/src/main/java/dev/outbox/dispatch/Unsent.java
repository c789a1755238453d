package dev.outbox.dispatch;

import dev.outbox.store.OrderingKey;
import dev.outbox.store.OutboxRecord;
import dev.outbox.store.OutboxStore;
import dev.outbox.store.PlacedEvent;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The own events that have been committed and not sent, by their keys. To forget one
 * costs time and nothing else: its row is in the table, where the relay finds it.
 */
final class Unsent {

	private static final Logger logger = LoggerFactory.getLogger(Unsent.class);

	private final OutboxStore store;

	private final Lanes lanes;

	private final HeldBytes held;

	Unsent(OutboxStore store, Lanes lanes, HeldBytes held) {
		this.store = store;
		this.lanes = lanes;
		this.held = held;
	}

	Lane lane(OrderingKey key) {
		return this.lanes.lane(key);
	}

	@Nullable Lane known(OrderingKey key) {
		return this.lanes.known(key);
	}

	// The event's bytes have been counted when it was accepted.
	Lane add(PlacedEvent placed) {
		Lane lane = this.lanes.lane(placed.event().orderingKey());
		lane.unsent.put(placed.event().eventId(), placed);
		return lane;
	}

	// For an event that was sent in vain.
	Lane addAgain(OutboxRecord event) {
		this.held.add(event);
		return add(PlacedEvent.unplaced(event));
	}

	void refuse(OutboxRecord event) {
		this.held.remove(event);
	}

	void forget(Lane lane, OutboxRecord event) {
		PlacedEvent own = lane.unsent.remove(event.eventId());
		if (own != null) {
			this.held.remove(own.event());
		}
	}

	// Answers whether the event is out of the way. If it is not, the relay will come to
	// it.
	boolean park(Lane lane, OutboxRecord event, SendException reason) {
		forget(lane, event);
		try {
			this.store.park(event.eventId(), String.valueOf(reason.getMessage()), reason.error());
			logger.error("Event {} of type {} cannot be sent to topic {} and was parked until an operator decides: {}",
					event.eventId(), event.eventType(), event.topic(), reason.getMessage());
			return true;
		}
		catch (RuntimeException ex) {
			logger.warn("Event {} cannot be sent to topic {}, and could not be parked either", event.eventId(),
					event.topic(), ex);
			return false;
		}
	}

}
