package dev.outbox.dispatch;

import java.time.Duration;
import java.util.function.LongSupplier;

import dev.outbox.store.Attempt;
import dev.outbox.store.OutboxRecord;
import dev.outbox.store.StoredEvent;
import org.jspecify.annotations.Nullable;

/**
 * Sends stale events again, whoever committed them, in the order of their ids. Belongs to
 * the dispatcher's thread.
 */
final class Resender {

	private final Outlet outlet;

	private final Unsent unsent;

	private final long staleAfter;

	private final LongSupplier clock;

	private @Nullable ResendPage page;

	Resender(Outlet outlet, Unsent unsent, Duration staleAfter, LongSupplier clock) {
		this.outlet = outlet;
		this.unsent = unsent;
		this.staleAfter = staleAfter.toNanos();
		this.clock = clock;
	}

	void take(ResendPage page) {
		abandon("Another page has come");
		this.page = page;
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
		if (page.isCancelled()) {
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
		}
		catch (SendException ex) {
			abandon(String.valueOf(ex.getMessage()));
		}
	}

	// A failure concerns the present page, too, whoever sent the event: the page may have
	// stepped over the event while it was under way.
	void failed(Lane lane) {
		if (this.page != null) {
			this.page.block(lane.key);
		}
	}

	void completed(Sending sending, ResendPage page) {
		SendException failure = sending.failure();
		page.completed(
				new Attempt(sending.id, page.isFirst(sending.id), (failure != null) ? failure.getMessage() : null));
		if (failure != null && (failure.trouble() == Trouble.CLOSED || failure.trouble() == Trouble.OUTAGE)) {
			page.voided(String.valueOf(failure.getMessage()));
		}
	}

	long idleTime() {
		return (this.page != null && !canSend()) ? Math.max(1, this.outlet.untilOpen(this.clock.getAsLong()))
				: Long.MAX_VALUE;
	}

	private boolean canSend() {
		return !this.outlet.isFull() && this.outlet.untilOpen(this.clock.getAsLong()) == 0;
	}

	// Answers whether the page may go on; if not, it waits for an acknowledgement.
	private boolean step(ResendPage page, ResendPage.Row row) {
		StoredEvent stored = row.event();
		OutboxRecord event = stored.event();
		if (page.isBlocked(event.orderingKey()) || this.outlet.isInFlight(event.eventId())) {
			return true;
		}
		long now = this.clock.getAsLong();
		Lane lane = this.unsent.lane(event.orderingKey());
		boolean sent = stored.id() <= lane.sentTo;
		boolean recently = sent && now - lane.sentAt < this.staleAfter;
		if (!row.due() || recently || this.outlet.untilOpen(event.topic(), now) > 0) {
			if (!sent) {
				page.block(lane.key);
			}
			return true;
		}
		try {
			if (!this.outlet.send(lane, stored.id(), event, page)) {
				return false;
			}
			page.sent(stored);
			this.unsent.forget(lane, event);
		}
		catch (SendException ex) {
			switch (ex.trouble()) {
				case POISON -> {
					if (!this.unsent.park(lane, event, ex)) {
						page.block(lane.key);
					}
				}
				case TOPIC -> page.block(lane.key);
				case CLOSED, OUTAGE -> throw ex;
			}
		}
		return true;
	}

}
