package dev.outbox.dispatch;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.LongSupplier;

import dev.outbox.store.OutboxRecord;
import dev.outbox.store.PendingEvent;
import dev.outbox.store.PlacedEvent;

/**
 * Sends the own events of a key in their order. The table tells the pending rows of the
 * key that follow what was sent, from the lowest id up:
 * <ol>
 * <li>an own event is sent;
 * <li>before another's event the key waits: its owner, or the relay, will move it.
 * </ol>
 * So an event goes out only after all that precede it for its topic and key went out
 * through the same channel, or are gone from the table. Where what precedes an event has
 * been asked before its commit, the table need not be asked again. If no order is to be
 * kept, each is sent as it comes.
 */
final class KeyOrder {

	private static final int EVENTS_PER_KEY = 500;

	// Where instances take turns with a key, each waits for the others' events to be
	// confirmed: the time between two looks then decides how fast the key gets on.
	private static final Duration LONGEST_LOOK_OF_FEW = Duration.ofMillis(20);

	private static final int KEYS_PER_LOOK = 64;

	private final Outlet outlet;

	private final Unsent unsent;

	private final ReadyLanes ready;

	private final boolean ordered;

	private final long staleAfter;

	private final LongSupplier clock;

	private final Lateness lateness;

	KeyOrder(Outlet outlet, Unsent unsent, ReadyLanes ready, DispatchSettings settings, LongSupplier clock,
			Lateness lateness) {
		this.outlet = outlet;
		this.unsent = unsent;
		this.ready = ready;
		this.ordered = settings.ordered();
		this.staleAfter = settings.staleAfter().toNanos();
		this.clock = clock;
		this.lateness = lateness;
	}

	// Sends an event if that needs neither the table nor any waiting. Answers whether it
	// was sent.
	boolean sendAtOnce(PlacedEvent own) {
		if (!this.ordered || isOld(own) || !this.outlet.isFlowing(own.event().topic())) {
			return false;
		}
		Lane lane = this.unsent.lane(own.event().orderingKey());
		boolean sent = lane.isNext(own) && this.outlet.send(lane, own.id(), own.event(), null);
		if (sent) {
			this.unsent.forget(lane, own.event());
		}
		return sent;
	}

	// Sends own events for as long as what is known of their places allows it. Answers
	// whether the table must be asked about the rest.
	boolean sendNext(Lane lane) {
		for (PlacedEvent own : lane.first(EVENTS_PER_KEY)) {
			if (this.ordered && own.isAsked() && !isOld(own)) {
				lane.awaitsPlace = true;
				return false;
			}
			if (this.ordered && (!lane.isNext(own) || isOld(own))) {
				return true;
			}
			if (!send(lane, this.ordered ? own.id() : lane.sentTo, own)) {
				return false;
			}
		}
		return false;
	}

	// Sends what the table has shown to be next.
	void advance(Lookup.Answer answer) {
		Lane lane = answer.lane();
		forgetGone(answer);
		for (PendingEvent row : answer.rows()) {
			if (row.id() <= lane.sentTo) {
				continue;
			}
			PlacedEvent own = lane.unsent.get(row.eventId());
			if (own == null) {
				waitForAnothers(lane);
				return;
			}
			if (!send(lane, row.id(), own)) {
				return;
			}
		}
		sendLate(answer);
	}

	// Long before the relay of another instance may have sent the event: to ask the table
	// then saves a duplicate.
	private boolean isOld(PlacedEvent own) {
		return this.clock.getAsLong() - own.storedAt() > this.staleAfter / 2;
	}

	// What has long been stale is left to the relay. Where the other one waits for an
	// operator, it would also take all the memory. But not as soon as it is stale: the
	// relay waits longer, for what may merely be unread. Until then nobody would send it,
	// and by then the next one would have been left, too.
	private void waitForAnothers(Lane lane) {
		long now = this.clock.getAsLong();
		lookLater(lane, now);
		List<PlacedEvent> stale = lane.unsent.values()
			.stream()
			.takeWhile((own) -> now - own.storedAt() >= 2 * this.staleAfter)
			.toList();
		stale.forEach((own) -> this.unsent.forget(lane, own.event()));
	}

	// However many keys wait, it does not cost many more statements.
	private void lookLater(Lane lane, long now) {
		lane.lookLater(now, LONGEST_LOOK_OF_FEW.toNanos() * (1 + this.ready.size() / KEYS_PER_LOOK));
	}

	// Own events that were committed after a higher id of their key, by transactions that
	// did not exclude each other, have no order to keep.
	private void sendLate(Lookup.Answer answer) {
		Lane lane = answer.lane();
		for (PendingEvent row : answer.late()) {
			PlacedEvent own = lane.unsent.get(row.eventId());
			if (own != null && row.id() <= lane.sentTo && !send(lane, row.id(), own)) {
				return;
			}
		}
	}

	// What is gone was sent by a relay and confirmed, or an operator has discarded it.
	private void forgetGone(Lookup.Answer answer) {
		Lane lane = answer.lane();
		for (UUID gone : answer.gone()) {
			PlacedEvent own = lane.unsent.get(gone);
			if (own != null) {
				this.unsent.forget(lane, own.event());
			}
		}
	}

	// Answers whether the key may go on. The topic is looked at each time: asking for one
	// that is missing takes long, and must not be done for each of its keys.
	private boolean send(Lane lane, long id, PlacedEvent own) {
		long now = this.clock.getAsLong();
		OutboxRecord event = own.event();
		if (this.outlet.untilOpen(lane.key.topic(), now) > 0) {
			return false;
		}
		try {
			if (!this.outlet.send(lane, id, event, null)) {
				this.ready.await(lane);
				return false;
			}
			this.unsent.forget(lane, event);
			this.lateness.sent(own, now);
			return true;
		}
		catch (SendException ex) {
			return switch (ex.trouble()) {
				case POISON -> this.unsent.remove(lane, event, ex);
				case TOPIC -> false;
				case CLOSED, OUTAGE -> throw ex;
			};
		}
	}

}
