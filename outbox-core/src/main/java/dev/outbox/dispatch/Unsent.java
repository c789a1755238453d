package dev.outbox.dispatch;

import dev.outbox.store.OrderingKey;
import dev.outbox.store.OutboxRecord;
import dev.outbox.store.PlacedEvent;
import org.jspecify.annotations.Nullable;

/**
 * The own events that have been committed and not sent, by their keys. To forget one
 * costs time and nothing else: its row is in the table, where the relay finds it.
 */
final class Unsent {

	private final Poison poison;

	private final Lanes lanes;

	private final HeldBytes held;

	Unsent(Poison poison, Lanes lanes, HeldBytes held) {
		this.poison = poison;
		this.lanes = lanes;
		this.held = held;
	}

	Lane lane(OrderingKey key) {
		return this.lanes.lane(key);
	}

	@Nullable Lane known(OrderingKey key) {
		return this.lanes.known(key);
	}

	boolean isAwaitingPlaces() {
		return this.lanes.isAnyAwaitingPlace();
	}

	// The event's bytes have been counted when it was accepted.
	Lane add(PlacedEvent placed) {
		Lane lane = this.lanes.lane(placed.event().orderingKey());
		lane.unsent.put(placed.event().eventId(), placed);
		return lane;
	}

	// For an event that was sent in vain.
	Lane addAgain(OutboxRecord event, long now) {
		this.held.add(event);
		return add(new PlacedEvent(event, 0, now));
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

	// Answers whether the event is out of the way of those behind it.
	boolean remove(Lane lane, OutboxRecord event, SendException reason) {
		forget(lane, event);
		return this.poison.remove(event, reason);
	}

}
