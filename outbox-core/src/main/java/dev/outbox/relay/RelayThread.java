package dev.outbox.relay;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the relay on a thread of its own, so that nothing of the application's can keep it
 * from running, nor the other way round.
 *
 * @since 0.1
 */
public final class RelayThread {

	private static final Logger logger = LoggerFactory.getLogger(RelayThread.class);

	private final Relay relay;

	private final Duration interval;

	private @Nullable ScheduledExecutorService executor;

	/**
	 * Create the thread.
	 * @param relay what is run
	 * @param interval how often
	 */
	public RelayThread(Relay relay, Duration interval) {
		this.relay = relay;
		this.interval = interval;
	}

	/**
	 * Run the relay at once, and then at each interval.
	 */
	@SuppressWarnings("FutureReturnValueIgnored") // what is run reports its own failures
	public void start() {
		this.executor = Executors.newSingleThreadScheduledExecutor((task) -> {
			Thread thread = new Thread(task, "outbox-relay");
			thread.setDaemon(true);
			return thread;
		});
		this.executor.scheduleWithFixedDelay(this::run, 0, this.interval.toNanos(), TimeUnit.NANOSECONDS);
	}

	/**
	 * Let the relay end what it does, and stop it.
	 * @param grace how long that may take
	 */
	public void stop(Duration grace) {
		ScheduledExecutorService executor = this.executor;
		if (executor == null) {
			return;
		}
		executor.shutdownNow();
		try {
			if (!executor.awaitTermination(grace.toNanos(), TimeUnit.NANOSECONDS)) {
				logger.warn("The relay did not stop within {}", grace);
				return;
			}
			this.relay.stop();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (RuntimeException ex) {
			logger.warn("The relay's lock could not be given back; it will end by itself: {}", ex.toString());
		}
		this.executor = null;
	}

	private void run() {
		try {
			this.relay.run();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (Throwable ex) {
			// Anything that escaped from here would end the relay for good.
			logger.warn("The relay will try again: {}", ex.toString());
			logger.debug("The relay failed", ex);
		}
	}

}
