package dev.outbox.dispatch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

import dev.outbox.health.InstanceHealth;
import dev.outbox.store.Handover;
import dev.outbox.store.OutboxStore;
import dev.outbox.store.PlacedEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends committed events, on one thread in the background, for which another one asks the
 * table, or at once on the thread of their transaction, or the one that has asked, if
 * that need not wait.
 *
 * @since 0.1
 */
public final class Dispatcher implements Handover {

	private static final Logger logger = LoggerFactory.getLogger(Dispatcher.class);

	private static final Duration SHORTEST_PAUSE = Duration.ofMillis(1);

	private static final Duration LONGEST_PAUSE = Duration.ofMillis(8);

	private static final int MOST_PAUSES = 25;

	private final EventLoop loop;

	private final Sequencer sequencer;

	private final HeldBytes held;

	private volatile boolean running;

	/**
	 * Create a dispatcher.
	 * @param store tells what precedes an event of a key
	 * @param channels opens channels to Kafka
	 * @param acknowledged is told each event that Kafka has acknowledged, on the
	 * producer's thread; must not wait
	 * @param settings settings and bounds
	 * @param clock a monotonic clock in nanoseconds, that of {@link System#nanoTime()}
	 * @param health is told of trouble
	 */
	public Dispatcher(OutboxStore store, SendChannel.Factory channels, Consumer<UUID> acknowledged,
			DispatchSettings settings, LongSupplier clock, InstanceHealth health) {
		this.held = new HeldBytes(settings.maxHeldBytes());
		this.loop = new EventLoop("outbox-dispatcher", this::turn);
		Outlet outlet = new Outlet(channels, this.loop, acknowledged, clock, settings, health);
		Executor asker = lookupThread();
		Lookup lookup = new Lookup(store, asker, this.loop::execute, clock);
		EarlyLookup early = new EarlyLookup(store, asker);
		this.sequencer = new Sequencer(store, lookup, early, outlet, settings, clock, this.held);
	}

	/**
	 * Start sending.
	 */
	public void start() {
		this.loop.execute(this.sequencer::open);
		this.loop.start();
		this.running = true;
	}

	/**
	 * Connect to Kafka in the background, before there is something to send. Otherwise
	 * the first event does it, which takes it longer.
	 */
	public void prepare() {
		this.loop.execute(() -> {
			if (this.running) {
				this.sequencer.prepare();
			}
		});
	}

	/**
	 * Send nothing, until told otherwise. What is under way goes on; what is committed
	 * meanwhile is taken as far as there is room.
	 * @param paused whether nothing is to be sent
	 */
	public void pause(boolean paused) {
		if (this.sequencer.pause(paused)) {
			this.loop.execute(() -> {
			});
		}
	}

	/**
	 * Take no more events, send those that were taken as far as they can be sent in time,
	 * and close the channel. What is not sent stays in the table.
	 * @param grace how long it may take
	 */
	public void stop(Duration grace) {
		if (this.running) {
			this.running = false;
			long deadline = System.nanoTime() + grace.toNanos();
			CompletableFuture<Void> drained = new CompletableFuture<>();
			this.loop.execute(() -> this.sequencer.drain(drained, grace.dividedBy(2)));
			await(drained, grace);
			CompletableFuture<Void> closed = new CompletableFuture<>();
			this.loop.execute(() -> {
				this.sequencer.close(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
				closed.complete(null);
			});
			await(closed, Duration.ofSeconds(1));
			this.loop.stop();
		}
	}

	/**
	 * Have it asked in the background what precedes the events of a transaction, while it
	 * is being committed.
	 * @param events the events in the order of their ids
	 */
	@Override
	public void expect(List<PlacedEvent> events) {
		if (this.running) {
			this.sequencer.expect(events, this::placed);
		}
	}

	/**
	 * Send the events of a committed transaction as soon as possible. Never waits for
	 * Kafka or the database: when too much is waiting already, or after the stop, the
	 * events are left to the relay. But as long as many events wait and are being sent,
	 * it takes some milliseconds, the more the more memory they take, which leaves the
	 * processor to their sending; if there is no room in memory, up to 0.2 seconds.
	 * @param events the events in the order in which they were published
	 */
	@Override
	public void offer(List<PlacedEvent> events) {
		if (!this.running) {
			logger.debug("{} events are left to the relay", events.size());
			return;
		}
		List<PlacedEvent> rest = new ArrayList<>(events);
		this.loop.tryInstead(() -> this.sequencer.committedAtOnce(rest));
		if (!rest.isEmpty()) {
			if (hold(rest)) {
				this.loop.execute(() -> this.sequencer.committed(rest));
				giveWay();
			}
			else {
				logger.debug("{} events are left to the relay", rest.size());
			}
		}
	}

	/**
	 * Send stale events again. One page at a time: a second one makes the first void.
	 * @param page the events
	 * @return the page's outcome
	 */
	public CompletableFuture<ResendPage.Outcome> resend(ResendPage page) {
		this.loop.execute(() -> this.sequencer.resend(page));
		return page.done();
	}

	private void placed(List<PlacedEvent> events) {
		List<PlacedEvent> rest = new ArrayList<>(events);
		try {
			this.loop.tryInstead(() -> this.sequencer.placedAtOnce(rest));
		}
		finally {
			if (!rest.isEmpty()) {
				this.loop.execute(() -> this.sequencer.placed(rest));
			}
		}
	}

	// What does not fit into memory is left to the relay. It is late by seconds then, and
	// with it all of its keys: what waits behind it would soon take the rest of the room.
	private boolean hold(List<PlacedEvent> events) {
		boolean room = this.held.tryAdd(events);
		for (int pauses = 0; !room && pauses < MOST_PAUSES && this.sequencer.isBehind(); pauses++) {
			giveWay();
			room = this.held.tryAdd(events);
		}
		return room;
	}

	// One thread sends what many commit, and each of them gets as much of the processors.
	private void giveWay() {
		if (this.sequencer.isBehind()) {
			double more = Math.min(1, this.held.share()) * LONGEST_PAUSE.minus(SHORTEST_PAUSE).toNanos();
			LockSupport.parkNanos(this, SHORTEST_PAUSE.toNanos() + (long) more);
		}
	}

	// There only as long as there is something to ask. It is started in some transaction:
	// what that one's thread hands on to others, such as a tenant that routes
	// connections, is not for this one.
	private static Executor lookupThread() {
		ClassLoader classLoader = Thread.currentThread().getContextClassLoader();
		ThreadPoolExecutor executor = new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
				(task) -> {
					Thread thread = new Thread(null, task, "outbox-lookup", 0, false);
					thread.setDaemon(true);
					thread.setContextClassLoader(classLoader);
					return thread;
				});
		executor.allowCoreThreadTimeOut(true);
		return executor;
	}

	private long turn() {
		return this.sequencer.turn();
	}

	private static void await(CompletableFuture<Void> future, Duration patience) {
		try {
			future.get(patience.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (ExecutionException | TimeoutException ex) {
			logger.info("The outbox stops with events that are not acknowledged; they will be sent again");
		}
	}

}
