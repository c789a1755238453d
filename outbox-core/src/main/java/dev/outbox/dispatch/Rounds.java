package dev.outbox.dispatch;

import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Goes round the keys that have something to send: what is known to be next is sent, and
 * about the others the table is asked, in one query for many keys.
 */
final class Rounds {

	private static final Logger logger = LoggerFactory.getLogger(Rounds.class);

	private static final int KEYS_PER_ROUND = 256;

	private static final Duration SHORTEST_PAUSE = Duration.ofMillis(50);

	private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

	private final Lookup lookup;

	private final KeyOrder order;

	private final ReadyLanes ready;

	private final Outlet outlet;

	private final LongSupplier clock;

	private final Pause databasePause = new Pause(SHORTEST_PAUSE, LONGEST_PAUSE);

	Rounds(Lookup lookup, KeyOrder order, ReadyLanes ready, Outlet outlet, LongSupplier clock) {
		this.lookup = lookup;
		this.order = order;
		this.ready = ready;
		this.outlet = outlet;
		this.clock = clock;
	}

	// In a hurry it does not wait until there is more to ask.
	void next(boolean hurry) {
		long now = this.clock.getAsLong();
		if (!isBusy() || this.outlet.isFull() || untilOpen(now) > 0) {
			return;
		}
		List<Lane> round = this.ready.take(KEYS_PER_ROUND, now);
		try {
			for (Lane lane : round) {
				if (this.order.sendNext(lane)) {
					this.lookup.add(lane);
				}
			}
			if (this.lookup.untilDue(hurry) == 0) {
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

	boolean isAsking() {
		return this.lookup.isAsking();
	}

	// For how many nanoseconds there is nothing to do unless something happens.
	long idleTime(boolean hurry) {
		if (!isBusy() || this.outlet.isFull()) {
			return Long.MAX_VALUE;
		}
		long now = this.clock.getAsLong();
		return Math.max(Math.min(this.lookup.untilDue(hurry), this.ready.idleTime(now)), untilOpen(now));
	}

	// For how many nanoseconds nothing can be sent or asked.
	long untilOpen(long now) {
		return Math.max(this.outlet.untilOpen(now), this.databasePause.remaining(now));
	}

	private boolean isBusy() {
		return !this.ready.isEmpty() || this.lookup.isWaiting();
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
					this.order.advance(answer);
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

}
