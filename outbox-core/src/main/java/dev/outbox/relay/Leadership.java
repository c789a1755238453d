package dev.outbox.relay;

import java.time.Duration;
import java.util.function.LongSupplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether this instance relays: it does while it holds the lock, which it renews in time.
 */
final class Leadership {

	private static final Logger logger = LoggerFactory.getLogger(Leadership.class);

	private final RelayLock lock;

	private final SendingPause pause;

	private final Duration lease;

	private final LongSupplier clock;

	private boolean held;

	private long renewAt;

	// Each look at the lock tells of the pause, too.
	Leadership(RelayLock lock, SendingPause pause, Duration lease, LongSupplier clock) {
		this.lock = lock;
		this.pause = pause;
		this.lease = lease;
		this.clock = clock;
		this.renewAt = clock.getAsLong();
	}

	boolean isHeld() {
		return this.held;
	}

	// Answers whether it was due.
	boolean renewIfDue() {
		long now = this.clock.getAsLong();
		if (now - this.renewAt < 0) {
			return false;
		}
		boolean before = this.held;
		this.held = false;
		this.held = (before || isUncontested()) && this.lock.acquire(this.lease);
		this.renewAt = now + this.lease.toNanos() / 3;
		if (this.held != before) {
			logger.info(this.held ? "This instance relays" : "Another instance relays");
		}
		return true;
	}

	// Looks whether nobody else holds the lock. Not to be found out by trying: the
	// statement has to tell of the pause.
	boolean isUncontested() {
		RelayLock.Look look = this.lock.look(this.lease);
		this.pause.set(look.paused());
		return look.free();
	}

	void release() {
		this.renewAt = this.clock.getAsLong();
		if (this.held) {
			this.held = false;
			this.lock.release();
		}
	}

}
