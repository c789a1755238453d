package dev.outbox.dispatch;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread that works off messages and then takes a turn, again and again. Everything
 * the messages and the turn touch belongs to that thread, but for what others may do in
 * its place while it sleeps. Messages are worked off in the order in which they came,
 * also those for which the thread is not woken up.
 */
final class EventLoop {

	private static final Logger logger = LoggerFactory.getLogger(EventLoop.class);

	// A thread that commits has other things to do.
	private static final int MOST_INSTEAD = 256;

	private final ReentrantLock working = new ReentrantLock();

	private final Queue<Runnable> messages = new ConcurrentLinkedQueue<>();

	// Those of the messages that have to be followed by a turn.
	private final AtomicInteger urgent = new AtomicInteger();

	private final String name;

	private final LongSupplier turn;

	private volatile @Nullable Thread thread;

	private @Nullable Thread latest;

	private volatile boolean sleeping;

	private volatile boolean hurried;

	// The turn answers for how many nanoseconds nothing is to be done unless a message
	// comes.
	EventLoop(String name, LongSupplier turn) {
		this.name = name;
		this.turn = turn;
	}

	void start() {
		awaitEnd();
		Thread thread = new Thread(this::run, this.name);
		thread.setDaemon(true);
		this.thread = thread;
		this.latest = thread;
		thread.start();
	}

	void execute(Runnable message) {
		this.urgent.incrementAndGet();
		this.messages.add(() -> {
			this.urgent.decrementAndGet();
			message.run();
		});
		if (this.sleeping) {
			LockSupport.unpark(this.thread);
		}
	}

	// For a message that never waits, and can itself wait until the thread is awake or
	// another one works in its place, unless the loop is in a hurry.
	void executeLater(Runnable message) {
		this.messages.add(message);
		if (this.sleeping && this.hurried) {
			LockSupport.unpark(this.thread);
		}
	}

	// Whether the thread is to be woken up for every message. By the turn only.
	void hurry(boolean hurried) {
		this.hurried = hurried;
	}

	boolean isHurried() {
		return this.hurried;
	}

	// Does work that never waits, on the thread of the caller, if that of the loop has
	// nothing to do: to wake it takes longer than most work.
	void tryInstead(Runnable work) {
		if (Thread.currentThread().isInterrupted() || !this.working.tryLock()) {
			return;
		}
		try {
			// Looked at before the counter: then it is not urgent if none is.
			Runnable next = this.messages.peek();
			for (int done = 0; next != null && this.urgent.get() == 0 && done < MOST_INSTEAD; done++) {
				runMessage();
				next = this.messages.peek();
			}
			if (next == null && this.urgent.get() == 0) {
				work.run();
			}
			else {
				LockSupport.unpark(this.thread);
			}
		}
		catch (RuntimeException ex) {
			logger.warn("Work in place of {} failed", this.name, ex);
		}
		finally {
			this.working.unlock();
		}
	}

	// Ends the thread after its present turn.
	void stop() {
		Thread thread = this.thread;
		this.thread = null;
		LockSupport.unpark(thread);
	}

	void runMessages() {
		while (runMessage()) {
			// the next
		}
	}

	private boolean runMessage() {
		Runnable message = this.messages.poll();
		if (message == null) {
			return false;
		}
		try {
			message.run();
		}
		catch (RuntimeException ex) {
			logger.error("A message of {} failed", this.name, ex);
		}
		return true;
	}

	private void run() {
		while (isRunning()) {
			long idle = 0;
			boolean quiet;
			this.working.lock();
			try {
				runMessages();
				idle = this.turn.getAsLong();
			}
			catch (Throwable ex) {
				logger.error("A turn of {} failed; it goes on", this.name, ex);
				idle = Duration.ofSeconds(1).toNanos();
			}
			finally {
				// As long as nobody else can work off what has come meanwhile.
				this.sleeping = true;
				quiet = this.messages.isEmpty();
				this.working.unlock();
			}
			if (idle > 0 && quiet && isRunning()) {
				LockSupport.parkNanos(this, idle);
			}
			this.sleeping = false;
		}
	}

	// What the messages and the turns touch must not be touched by two threads.
	private void awaitEnd() {
		try {
			if (this.latest != null) {
				this.latest.join();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted while the former thread ends", ex);
		}
	}

	private boolean isRunning() {
		return this.thread == Thread.currentThread();
	}

}
