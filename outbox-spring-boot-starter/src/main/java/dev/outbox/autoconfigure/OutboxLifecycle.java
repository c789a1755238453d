package dev.outbox.autoconfigure;

import java.time.Duration;

import dev.outbox.confirm.ClearingQueue;
import dev.outbox.dispatch.Dispatcher;
import dev.outbox.relay.RelayThread;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.SmartLifecycle;

/**
 * Starts and stops what runs in the background: it starts before, and stops after, the
 * web server and the application's listeners, whose last transactions publish, too.
 */
final class OutboxLifecycle implements SmartLifecycle, ApplicationListener<ApplicationReadyEvent> {

	private static final int PHASE = SmartLifecycle.DEFAULT_PHASE - 4096;

	private final Dispatcher dispatcher;

	private final ClearingQueue clearing;

	private final @Nullable ReadingBack readingBack;

	private final RelayThread relay;

	private final Duration grace;

	private volatile boolean running;

	OutboxLifecycle(Dispatcher dispatcher, ClearingQueue clearing, @Nullable ReadingBack readingBack, RelayThread relay,
			Duration grace) {
		this.dispatcher = dispatcher;
		this.clearing = clearing;
		this.readingBack = readingBack;
		this.relay = relay;
		this.grace = grace;
	}

	@Override
	public void start() {
		// Until the relay has looked whether sending is paused.
		this.dispatcher.pause(true);
		this.dispatcher.start();
		if (this.readingBack != null) {
			this.readingBack.start();
		}
		else {
			this.clearing.start();
		}
		this.relay.start();
		this.running = true;
	}

	// Not before: to load the classes of Kafka's producer takes as much processor time as
	// all else that the outbox does at the start.
	@Override
	public void onApplicationEvent(ApplicationReadyEvent event) {
		this.dispatcher.prepare();
	}

	@Override
	public void stop() {
		this.running = false;
		this.relay.stop(this.grace);
		this.dispatcher.stop(this.grace);
		if (this.readingBack != null) {
			this.readingBack.stop();
		}
		else {
			this.clearing.stop(this.grace);
		}
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

}
