package dev.outbox.dispatch;

import java.time.Duration;
import java.util.function.LongSupplier;

import dev.outbox.store.Attempt;
import dev.outbox.store.OrderingKey;
import dev.outbox.store.OutboxRecord;
import dev.outbox.store.StoredEvent;
import org.jspecify.annotations.Nullable;

/**
 * Sends stale events again, whoever committed them, in the order of their ids. Belongs to
 * the dispatcher's thread.
 */
final class Resender {

	private static final Duration PATIENCE = Duration.ofSeconds(3);

	private final Outlet outlet;

	private final Unsent unsent;

	private final long staleAfter;

	private final LongSupplier clock;

	private @Nullable ResendPage page;

	private ResendPage.Pass pass = new ResendPage.Pass();

	private long progressAt;

	Resender(Outlet outlet, Unsent unsent, Duration staleAfter, LongSupplier clock) {
		this.outlet = outlet;
		this.unsent = unsent;
		this.staleAfter = staleAfter.toNanos();
		this.clock = clock;
		this.pass.end();
	}

	void take(ResendPage page) {
		abandon("Another page has come");
		this.page = page;
		this.pass = page.pass();
		this.progressAt = this.clock.getAsLong();
	}

	boolean isBusy() {
		return this.page != null;
	}

	void abandon(String reason) {
		if (this.page != null) {
			this.page.voided(reason);
			this.page = null;
		}
	}

	void proceed() {
		ResendPage page = this.page;
		if (page == null) {
			return;
		}
		// After its end the pass takes no note of what fails.
		if (page.isCancelled() || this.pass.isOver()) {
			abandon("The page was cancelled");
			return;
		}
		try {
			while (page.hasNext() && canSend() && step(page, page.next())) {
				page.advance();
			}
			if (page.completeIfDone()) {
				this.page = null;
			}
			else if (remainingPatience() == 0) {
				goOn(page);
			}
		}
		catch (SendException ex) {
			// Who has closed the channel wakes the loop, which opens another one.
			if (ex.trouble() != Trouble.CLOSED || remainingPatience() == 0) {
				abandon(String.valueOf(ex.getMessage()));
			}
		}
		catch (RuntimeException ex) {
			// A defect: the relay must not wait for the page for ever.
			abandon(ex.toString());
			throw ex;
		}
	}

	// Nothing has moved for a while: what is under way stays so, and nobody else waits
	// for it, neither the other keys nor the relay.
	private void goOn(ResendPage page) {
		if (!page.hasNext()) {
			page.complete();
			this.page = null;
		}
		else if (canSend()) {
			this.pass.impatient();
			this.progressAt = this.clock.getAsLong();
		}
		else {
			abandon("Too much is under way and not acknowledged");
		}
	}

	// A failure concerns the present pass, too, whoever sent the event and although no
	// page may be here at the moment: the pass may have stepped over the event while it
	// was under way.
	void failed(Lane lane) {
		if (!this.pass.isOver()) {
			this.pass.block(lane.key);
		}
	}

	// What is removed needs no attempt; one would delay the dead letter in its place.
	void completed(Sending sending, ResendPage page, boolean removed) {
		this.progressAt = this.clock.getAsLong();
		SendException failure = sending.failure();
		if (removed) {
			page.removed();
		}
		else if (failure == null || failure.trouble() == Trouble.POISON || failure.trouble() == Trouble.TOPIC) {
			page.completed(new Attempt(sending.id, (failure != null) ? failure.getMessage() : null));
		}
		else if (failure.trouble() == Trouble.CLOSED) {
			page.takenBack();
		}
		else if (page == this.page) {
			abandon(String.valueOf(failure.getMessage()));
		}
	}

	long idleTime() {
		if (this.page == null) {
			return Long.MAX_VALUE;
		}
		long outage = this.outlet.untilOpen(this.clock.getAsLong());
		return (outage > 0) ? outage : Math.max(1, remainingPatience());
	}

	private long remainingPatience() {
		return Math.max(0, this.progressAt + PATIENCE.toNanos() - this.clock.getAsLong());
	}

	private boolean canSend() {
		return !this.outlet.isFull() && this.outlet.untilOpen(this.clock.getAsLong()) == 0;
	}

	// Answers whether the page may go on; if not, it waits for an acknowledgement.
	private boolean step(ResendPage page, ResendPage.Row row) {
		StoredEvent stored = row.event();
		OutboxRecord event = stored.event();
		OrderingKey key = event.orderingKey();
		if (this.pass.isBlocked(key) || this.outlet.isInFlight(event.eventId())) {
			return true;
		}
		long now = this.clock.getAsLong();
		Lane known = this.unsent.known(key);
		boolean sent = known != null && stored.id() <= known.sentTo;
		boolean lately = known != null && known.isSentLately(stored.id(), now, this.staleAfter);
		boolean unread = sent && !row.lost();
		if (!row.due() || lately || unread || this.outlet.untilOpen(event.topic(), now) > 0) {
			if (!sent) {
				this.pass.block(key);
			}
			return true;
		}
		return send(page, this.unsent.lane(key), stored);
	}

	private boolean send(ResendPage page, Lane lane, StoredEvent stored) {
		OutboxRecord event = stored.event();
		try {
			if (this.outlet.send(lane, stored.id(), event, page)) {
				page.sent();
				this.unsent.forget(lane, event);
				this.progressAt = this.clock.getAsLong();
				return true;
			}
			if (!this.pass.isImpatient()) {
				return false;
			}
			this.pass.block(lane.key);
		}
		catch (SendException ex) {
			switch (ex.trouble()) {
				case POISON -> {
					if (!this.unsent.remove(lane, event, ex)) {
						this.pass.block(lane.key);
					}
				}
				case TOPIC -> this.pass.block(lane.key);
				case CLOSED, OUTAGE -> throw ex;
			}
		}
		return true;
	}

}
