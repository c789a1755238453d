package dev.outbox.testsupport;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * Waits for a condition, for a bounded time.
 */
final class Wait {

	private static final Duration INTERVAL = Duration.ofMillis(10);

	private Wait() {
	}

	/**
	 * Wait until a condition holds, the time is over or the thread is interrupted.
	 * @param timeout how long to wait at most
	 * @param condition what to wait for
	 * @return whether the condition held in the end
	 */
	static boolean until(Duration timeout, BooleanSupplier condition) {
		long deadline = System.nanoTime() + timeout.toNanos();
		while (!condition.getAsBoolean()) {
			if (System.nanoTime() - deadline >= 0) {
				return condition.getAsBoolean();
			}
			try {
				Thread.sleep(INTERVAL.toMillis());
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				return condition.getAsBoolean();
			}
		}
		return true;
	}

}
