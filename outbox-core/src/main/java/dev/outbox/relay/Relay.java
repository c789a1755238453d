package dev.outbox.relay;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;

import dev.outbox.dispatch.ResendPage;
import dev.outbox.store.Attempt;
import dev.outbox.store.RelayLook;
import dev.outbox.store.RelayStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends stale events again, on one instance at a time:
 * <ol>
 * <li>Acquire the lock, or renew it. Without it, do nothing.
 * <li>Look at the oldest pending event. If it is not stale, nothing is; while the
 * application is paused, nothing is sent.
 * <li>Otherwise pass over the table from the lowest id up to the first event that is not
 * stale, and send what is due. An event that is not due, because it was sent again
 * lately, or because its topic is still being read back, keeps those behind it waiting
 * unless this instance has sent it.
 * <li>Remember the attempts, so that the next one comes later, whoever makes it.
 * <li>If an event was refused, pass over the table again at once: others need not wait.
 * </ol>
 * An idle instance costs one statement each interval, or less. That statement also tells
 * whether the application is paused, which is passed on each time. Used by one thread.
 *
 * @since 0.1
 */
public final class Relay {

	private static final Logger logger = LoggerFactory.getLogger(Relay.class);

	private final RelayStore store;

	private final AttemptLog attemptLog;

	private final Leadership leadership;

	private final ReadBack readBack;

	private final Function<ResendPage, CompletableFuture<ResendPage.Outcome>> resend;

	private final SendingPause pause;

	private final RelaySettings settings;

	private final LongSupplier clock;

	private boolean looked;

	private long passAt;

	private int vainPasses;

	/**
	 * Create a relay.
	 * @param store the stale events
	 * @param lock chooses the instance that relays
	 * @param readBack tells what is still being read back
	 * @param resend sends a page of events
	 * @param pause is told again and again whether sending is paused
	 * @param settings the settings
	 * @param clock a monotonic clock in nanoseconds
	 */
	public Relay(RelayStore store, RelayLock lock, ReadBack readBack,
			Function<ResendPage, CompletableFuture<ResendPage.Outcome>> resend, Consumer<Boolean> pause,
			RelaySettings settings, LongSupplier clock) {
		this.store = store;
		this.attemptLog = new AttemptLog(store, readBack);
		this.pause = new SendingPause(pause);
		this.leadership = new Leadership(lock, this.pause, settings.lease(), clock);
		this.readBack = readBack;
		this.resend = resend;
		this.settings = settings;
		this.clock = clock;
		this.passAt = clock.getAsLong();
	}

	/**
	 * Do what is due.
	 * @throws InterruptedException if the relay is to stop
	 */
	public void run() throws InterruptedException {
		boolean led = this.leadership.isHeld();
		boolean renewed = this.leadership.renewIfDue();
		if (!this.leadership.isHeld()) {
			return;
		}
		if (led && renewed && this.looked) {
			// One statement is enough for this time.
			this.looked = false;
			return;
		}
		this.looked = true;
		Optional<Duration> oldest = look();
		if (oldest.isPresent() && this.settings.isStale(oldest.get(), Duration.ZERO)) {
			if (!this.pause.isSet() && this.clock.getAsLong() - this.passAt >= 0) {
				pass();
			}
		}
		else {
			this.vainPasses = 0;
			this.passAt = this.clock.getAsLong();
			this.attemptLog.forget();
		}
	}

	/**
	 * Give the lock back.
	 */
	public void stop() {
		this.passAt = this.clock.getAsLong();
		this.leadership.release();
	}

	private Optional<Duration> look() {
		RelayLook look = this.store.look();
		this.pause.set(look.paused());
		return look.oldestAge();
	}

	// Whether a pass may go on, which may take long. The table is not looked at: all that
	// the pass has had cleared lies before the oldest event.
	private boolean mayGoOn() {
		this.leadership.renewIfDue();
		return this.leadership.isHeld() && this.leadership.isUncontested() && !this.pause.isSet();
	}

	private void pass() throws InterruptedException {
		long lookedAt = lookAtReading();
		this.leadership.renewIfDue();
		PassProgress progress = this.leadership.isHeld() ? send(lookedAt) : PassProgress.NONE;
		this.vainPasses = (progress.sent() > 0) ? 0 : this.vainPasses + 1;
		int sent = progress.sent();
		while (progress.isToBeRepeated() && mayGoOn()) {
			lookedAt = isYoung(lookedAt) ? lookedAt : lookAtReading();
			progress = send(lookedAt);
			sent += progress.sent();
		}
		if (sent > 0) {
			logger.info("{} stale events were sent again", sent);
		}
		this.attemptLog.endPass(sent > 0);
		this.passAt = this.clock.getAsLong() + this.settings.passPause(this.vainPasses).toNanos();
	}

	// What was looked at grows old from the begin of the look, which takes time.
	private long lookAtReading() {
		long begin = this.clock.getAsLong();
		this.readBack.look();
		return begin;
	}

	private boolean isYoung(long begin) {
		return this.clock.getAsLong() - begin < this.settings.interval().toNanos();
	}

	private PassProgress send(long lookedAt) throws InterruptedException {
		StalePages pages = new StalePages(this.store, this.settings, this.readBack, this.clock, lookedAt);
		try {
			return send(pages);
		}
		finally {
			pages.end();
		}
	}

	// While a page is sent, the attempts of the one before it are recorded and the one
	// behind it is read.
	private PassProgress send(StalePages pages) throws InterruptedException {
		long begin = this.clock.getAsLong();
		PassProgress progress = PassProgress.NONE;
		List<Attempt> attempts = List.of();
		Optional<ResendPage> next = pages.next();
		while (next.isPresent()) {
			ResendPage page = next.get();
			CompletableFuture<ResendPage.Outcome> outcome = this.resend.apply(page);
			Optional<ResendPage.Outcome> made;
			try {
				this.attemptLog.record(attempts);
				next = pages.next();
				made = outcome(page, outcome);
			}
			catch (RuntimeException ex) {
				page.cancel();
				throw ex;
			}
			attempts = made.map(ResendPage.Outcome::attempts).orElse(List.of());
			progress = made.map(progress::plus).orElse(progress);
			// To read all that comes before once more must not take long.
			boolean again = progress.isToBeRepeated() && isYoung(begin);
			if (made.isEmpty() || again || !mayGoOn()) {
				next = Optional.empty();
			}
		}
		this.attemptLog.record(attempts);
		return progress;
	}

	// Empty if the pass is void: another one starts from the lowest id.
	private Optional<ResendPage.Outcome> outcome(ResendPage page, CompletableFuture<ResendPage.Outcome> outcome)
			throws InterruptedException {
		while (true) {
			try {
				return Optional.of(outcome.get(this.settings.interval().toNanos(), TimeUnit.NANOSECONDS));
			}
			catch (TimeoutException ex) {
				if (!mayGoOn()) {
					page.cancel();
					return Optional.empty();
				}
			}
			catch (ExecutionException ex) {
				logger.debug("The pass is void", ex);
				return Optional.empty();
			}
			catch (InterruptedException ex) {
				page.cancel();
				throw ex;
			}
		}
	}

}
