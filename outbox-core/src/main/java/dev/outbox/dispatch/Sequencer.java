package dev.outbox.dispatch;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

import dev.outbox.store.OrderingKey;
import dev.outbox.store.OutboxRecord;
import dev.outbox.store.OutboxStore;
import dev.outbox.store.PlacedEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has events sent in sequence: takes those that are committed, learns their places, goes
 * round their keys, and hears what became of those that were sent.
 */
final class Sequencer {

	private static final Logger logger = LoggerFactory.getLogger(Sequencer.class);

	private static final int MOST_EXPECTED = 64;

	private static final int FEW = 4;

	private static final int MANY = 1000;

	private static final double MUCH = 1.0 / 16;

	private static final Duration LONG_PAUSE = Duration.ofSeconds(1);

	private final EarlyLookup early;

	private final Outlet outlet;

	private final boolean ordered;

	private final LongSupplier clock;

	private final HeldBytes held;

	private final Unsent unsent;

	private final Resender resender;

	private final ReadyLanes ready;

	private final KeyOrder order;

	private final Rounds rounds;

	private final Drain drain;

	private final Lateness lateness;

	Sequencer(OutboxStore store, Lookup lookup, EarlyLookup early, Outlet outlet, DispatchSettings settings,
			LongSupplier clock, HeldBytes held) {
		this.early = early;
		this.outlet = outlet;
		this.ordered = settings.ordered();
		this.clock = clock;
		this.held = held;
		this.unsent = new Unsent(new Poison(store, settings.poison()), new Lanes(settings.maxKeys()), held);
		this.resender = new Resender(outlet, this.unsent, settings.staleAfter(), clock);
		this.ready = new ReadyLanes(outlet);
		this.lateness = new Lateness(clock);
		this.order = new KeyOrder(outlet, this.unsent, this.ready, settings, clock, this.lateness);
		this.rounds = new Rounds(lookup, this.order, this.ready, outlet, clock);
		this.drain = new Drain(clock);
		outlet.onCompletion(this::completed);
	}

	void open() {
		this.drain.end();
	}

	void prepare() {
		this.outlet.prepare();
	}

	// On any thread. Has it asked what precedes events whose transaction is about to be
	// committed, unless many wait: those are asked about together, after their commits.
	void expect(List<PlacedEvent> events, Consumer<List<PlacedEvent>> listener) {
		if (this.ordered && events.size() <= MOST_EXPECTED && this.held.events() + this.early.asked() <= FEW) {
			this.early.ask(events, this::sentTo, listener);
		}
	}

	void committed(List<PlacedEvent> events) {
		long now = this.clock.getAsLong();
		for (PlacedEvent placed : events) {
			OutboxRecord event = placed.event();
			if (this.outlet.untilOpen(event.topic(), now) > LONG_PAUSE.toNanos()) {
				// The relay has it. Otherwise a missing topic would take all the memory.
				this.unsent.refuse(event);
				continue;
			}
			Lane lane = this.unsent.add(placed);
			lane.lookNow();
			this.ready.add(lane);
		}
	}

	// Sends events of the calling thread while that needs neither the table nor any
	// waiting, and keeps those that wait for an answer. Both leave the list.
	void committedAtOnce(List<PlacedEvent> events) {
		try {
			while (!events.isEmpty() && this.order.sendAtOnce(events.get(0))) {
				events.remove(0);
			}
		}
		catch (SendException ex) {
			logger.debug("The dispatcher will see to it", ex);
		}
		if (!events.isEmpty() && events.stream().allMatch(PlacedEvent::isAsked) && this.held.tryAdd(events)) {
			committed(events);
			events.clear();
		}
	}

	// What precedes some events is known now, or will not be. Their keys may go on, if
	// they have been handed over.
	void placed(List<PlacedEvent> events) {
		for (PlacedEvent event : events) {
			Lane lane = this.unsent.known(event.event().orderingKey());
			if (lane != null) {
				lane.awaitsPlace = false;
				this.ready.putBack(List.of(lane));
			}
		}
	}

	// The same on the calling thread, as far as that need not wait. Those leave the list
	// with whose keys there is nothing more to do.
	void placedAtOnce(List<PlacedEvent> events) {
		try {
			events.removeIf(this::placedAtOnce);
		}
		catch (SendException ex) {
			logger.debug("The dispatcher will see to it", ex);
		}
	}

	// On any thread. Whether much waits of what is own, and some is being sent, late. If
	// nothing is sent, nor acknowledged to make room for it, nobody could help.
	boolean isBehind() {
		return (this.held.events() > MANY || this.held.share() > MUCH) && this.lateness.isRecent();
	}

	// On any thread. Answers whether that changes anything.
	boolean pause(boolean paused) {
		return this.outlet.pause(paused);
	}

	void resend(ResendPage page) {
		this.resender.take(page);
	}

	// Answers for how many nanoseconds there is nothing to do unless something happens.
	long turn() {
		this.outlet.renewIfClosed();
		boolean draining = this.drain.isUnderWay();
		this.rounds.next(draining);
		this.resender.proceed();
		long idle = Math.min(Math.min(this.rounds.idleTime(draining), this.resender.idleTime()), this.outlet.watch());
		if (draining && idle > 0 && this.outlet.isIdle() && !this.rounds.isAsking() && !this.unsent.isAwaitingPlaces()
				&& !isAwaitingAnothers()) {
			this.drain.complete();
		}
		this.outlet.hurry(draining || this.ready.isAwaiting() || this.resender.isBusy());
		return idle;
	}

	void drain(CompletableFuture<Void> drained, Duration patience) {
		this.drain.begin(drained, patience);
		this.resender.abandon("The outbox stops");
	}

	void close(Duration grace) {
		this.resender.abandon("The outbox stops");
		this.outlet.close(grace);
	}

	// On any thread.
	private long sentTo(OrderingKey key) {
		Lane lane = this.unsent.known(key);
		return (lane != null) ? lane.sentTo : 0;
	}

	private boolean placedAtOnce(PlacedEvent event) {
		Lane lane = this.unsent.known(event.event().orderingKey());
		if (lane == null) {
			return true;
		}
		// Where more is unsent the key waits until it is put back, and so does a drain.
		if (lane.unsent.containsKey(event.event().eventId()) && this.order.sendAtOnce(event) && lane.unsent.isEmpty()) {
			lane.awaitsPlace = false;
		}
		return lane.unsent.isEmpty() && !lane.awaitsPlace;
	}

	private boolean isAwaitingAnothers() {
		long now = this.clock.getAsLong();
		return this.drain.isPatient() && this.rounds.untilOpen(now) == 0 && this.ready.isLooking(now);
	}

	private void completed(Sending sending) {
		this.ready.acknowledged(sending.lane.key.topic());
		SendException failure = sending.failure();
		boolean removed = false;
		if (failure != null) {
			if (failure.trouble() == Trouble.POISON) {
				removed = this.unsent.remove(sending.lane, sending.event, failure);
			}
			else if (sending.page == null) {
				this.ready.add(this.unsent.addAgain(sending.event, this.clock.getAsLong()));
			}
			this.resender.failed(sending.lane);
		}
		else if (this.outlet.isFull()) {
			this.lateness.foresee();
		}
		if (sending.page != null) {
			this.resender.completed(sending, sending.page, removed);
		}
	}

}
