package dev.outbox.dispatch;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

import dev.outbox.store.OrderingKey;
import dev.outbox.store.OutboxRecord;
import dev.outbox.store.OutboxStore;
import dev.outbox.store.PendingEvent;
import dev.outbox.store.PlacedEvent;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides what may be sent next. The table is asked, in one query for many keys, for the
 * pending rows of each key that follow what was sent, from the lowest id up:
 * <ol>
 * <li>an own event is sent;
 * <li>before another's event the key waits: its owner, or the relay, will move it.
 * </ol>
 * So an event goes out only after all that precede it for its topic and key went out
 * through the same channel, or are gone from the table. Where what precedes an event has
 * been asked before its commit, the table need not be asked again. Belongs to the
 * dispatcher's thread, and to those that take its place.
 */
final class Sequencer {

	private static final Logger logger = LoggerFactory.getLogger(Sequencer.class);

	private static final int KEYS_PER_ROUND = 256;

	private static final int MOST_EXPECTED = 64;

	private static final int FEW = 4;

	private static final int MANY = 1000;

	private static final double MUCH = 1.0 / 16;

	private static final Duration LATE = Duration.ofMillis(50);

	private static final Duration RECENT = Duration.ofMillis(100);

	private static final int EVENTS_PER_KEY = 500;

	// Where instances take turns with a key, each waits for the others' events to be
	// confirmed: the time between two looks then decides how fast the key gets on.
	private static final Duration LONGEST_LOOK_OF_FEW = Duration.ofMillis(20);

	private static final int KEYS_PER_LOOK = 64;

	private static final Duration LONGEST_DRAIN = Duration.ofSeconds(1);

	private static final Duration LONG_PAUSE = Duration.ofSeconds(1);

	private static final Duration SHORTEST_PAUSE = Duration.ofMillis(50);

	private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

	private final Lookup lookup;

	private final EarlyLookup early;

	private final Outlet outlet;

	private final boolean ordered;

	private final long staleAfter;

	private final LongSupplier clock;

	private final HeldBytes held;

	private final Unsent unsent;

	private final Resender resender;

	private final ReadyLanes ready;

	private final Pause databasePause = new Pause(SHORTEST_PAUSE, LONGEST_PAUSE);

	private volatile long lateAt;

	private @Nullable CompletableFuture<Void> drained;

	private long drainingSince;

	private long drainPatience;

	Sequencer(OutboxStore store, Lookup lookup, EarlyLookup early, Outlet outlet, DispatchSettings settings,
			LongSupplier clock, HeldBytes held) {
		this.lookup = lookup;
		this.early = early;
		this.outlet = outlet;
		this.ready = new ReadyLanes(outlet);
		this.ordered = settings.ordered();
		this.staleAfter = settings.staleAfter().toNanos();
		this.clock = clock;
		this.lateAt = clock.getAsLong() - RECENT.toNanos();
		this.held = held;
		this.unsent = new Unsent(new Poison(store, settings.poison()), new Lanes(settings.maxKeys()), held);
		this.resender = new Resender(outlet, this.unsent, settings.staleAfter(), clock);
		outlet.onCompletion(this::completed);
	}

	void open() {
		this.drained = null;
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
			while (!events.isEmpty() && sendAtOnce(events.get(0))) {
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

	// On any thread.
	private long sentTo(OrderingKey key) {
		Lane lane = this.unsent.known(key);
		return (lane != null) ? lane.sentTo : 0;
	}

	private boolean sendAtOnce(PlacedEvent own) {
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

	private boolean placedAtOnce(PlacedEvent event) {
		Lane lane = this.unsent.known(event.event().orderingKey());
		if (lane == null) {
			return true;
		}
		if (lane.unsent.containsKey(event.event().eventId()) && sendAtOnce(event)) {
			lane.awaitsPlace = false;
		}
		return lane.unsent.isEmpty() && !lane.awaitsPlace;
	}

	// On any thread. Whether much waits of what is own, and some is being sent, late. If
	// nothing is sent, nor acknowledged to make room for it, nobody could help.
	boolean isBehind() {
		return (this.held.events() > MANY || this.held.share() > MUCH)
				&& this.clock.getAsLong() - this.lateAt < RECENT.toNanos();
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
		dispatch();
		this.resender.proceed();
		long idle = Math.min(Math.min(idleTime(), this.resender.idleTime()), this.outlet.watch());
		if (this.drained != null && idle > 0 && this.outlet.isIdle() && !this.lookup.isAsking()
				&& !this.unsent.isAwaitingPlaces() && !isAwaitingAnothers()) {
			this.drained.complete(null);
		}
		this.outlet.hurry(this.drained != null || this.ready.isAwaiting() || this.resender.isBusy());
		return idle;
	}

	// Completed when nothing is under way and nothing can be sent for now. For events of
	// other instances it waits a while: own ones left behind them would need the relay.
	void drain(CompletableFuture<Void> drained, Duration patience) {
		this.drained = drained;
		this.drainingSince = this.clock.getAsLong();
		this.drainPatience = Math.min(patience.toNanos(), LONGEST_DRAIN.toNanos());
		this.resender.abandon("The outbox stops");
	}

	void close(Duration grace) {
		this.resender.abandon("The outbox stops");
		this.outlet.close(grace);
	}

	private boolean isAwaitingAnothers() {
		long now = this.clock.getAsLong();
		return now - this.drainingSince < this.drainPatience && untilOpen(now) == 0 && this.ready.isLooking(now);
	}

	private void dispatch() {
		long now = this.clock.getAsLong();
		if (!isBusy() || this.outlet.isFull() || untilOpen(now) > 0) {
			return;
		}
		List<Lane> round = this.ready.take(KEYS_PER_ROUND, now);
		try {
			for (Lane lane : round) {
				if (sendNext(lane)) {
					this.lookup.add(lane);
				}
			}
			if (untilLookup() == 0) {
				this.lookup.ask(this::answered);
			}
		}
		catch (SendException ex) {
			logger.debug("The round ends early", ex);
		}
		finally {
			this.ready.putBack(round);
		}
	}

	private boolean isBusy() {
		return !this.ready.isEmpty() || untilLookup() < Long.MAX_VALUE;
	}

	private long untilLookup() {
		return this.lookup.untilDue(this.drained != null);
	}

	private void answered(Lookup.Answers answers) {
		long now = this.clock.getAsLong();
		try {
			RuntimeException failure = answers.failure();
			if (failure != null) {
				logger.warn("The outbox's table cannot be read; committed events wait: {}", failure.toString());
				this.databasePause.begin(now);
				return;
			}
			this.databasePause.reset();
			for (Lookup.Answer answer : answers.all()) {
				if (!answer.isVoid() && this.outlet.untilOpen(now) == 0) {
					advance(answer);
				}
			}
		}
		catch (SendException ex) {
			logger.debug("The round ends early", ex);
		}
		catch (RuntimeException ex) {
			// A defect: without a pause the same question would follow.
			this.databasePause.begin(now);
			throw ex;
		}
		finally {
			this.ready.putBack(answers.lanes());
		}
	}

	// Sends own events for as long as what is known of their places allows it. Answers
	// whether the table must be asked about the rest.
	private boolean sendNext(Lane lane) {
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

	// Long before the relay of another instance may have sent the event: to ask the table
	// then saves a duplicate.
	private boolean isOld(PlacedEvent own) {
		return this.clock.getAsLong() - own.storedAt() > this.staleAfter / 2;
	}

	private void advance(Lookup.Answer answer) {
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

	// However many keys wait, it does not cost many more statements.
	private void lookLater(Lane lane, long now) {
		lane.lookLater(now, LONGEST_LOOK_OF_FEW.toNanos() * (1 + this.ready.size() / KEYS_PER_LOOK));
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
			if (now - own.storedAt() > LATE.toNanos()) {
				this.lateAt = now;
			}
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
			// What waits will be sent late.
			this.lateAt = this.clock.getAsLong();
		}
		if (sending.page != null) {
			this.resender.completed(sending, sending.page, removed);
		}
	}

	private long untilOpen(long now) {
		return Math.max(this.outlet.untilOpen(now), this.databasePause.remaining(now));
	}

	private long idleTime() {
		if (!isBusy() || this.outlet.isFull()) {
			return Long.MAX_VALUE;
		}
		long now = this.clock.getAsLong();
		return Math.max(Math.min(untilLookup(), this.ready.idleTime(now)), untilOpen(now));
	}

}
