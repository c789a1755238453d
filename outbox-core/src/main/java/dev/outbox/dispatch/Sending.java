package dev.outbox.dispatch;

import java.util.function.Consumer;

import dev.outbox.store.OutboxRecord;
import org.jspecify.annotations.Nullable;

/**
 * An event under way. Its outcome comes on the producer's thread and is passed on to the
 * dispatcher's.
 */
final class Sending implements SendChannel.Completion, Runnable {

	final Lane lane;

	final long id;

	final OutboxRecord event;

	/**
	 * The page by which the event is resent, or {@code null} for an own event.
	 */
	final @Nullable ResendPage page;

	private final EventLoop loop;

	private final Consumer<Sending> completed;

	private @Nullable SendException failure;

	Sending(Lane lane, long id, OutboxRecord event, @Nullable ResendPage page, EventLoop loop,
			Consumer<Sending> completed) {
		this.lane = lane;
		this.id = id;
		this.event = event;
		this.page = page;
		this.loop = loop;
		this.completed = completed;
	}

	@Nullable SendException failure() {
		return this.failure;
	}

	@Override
	public void completed(@Nullable SendException failure) {
		this.failure = failure;
		this.loop.execute(this);
	}

	@Override
	public void run() {
		this.completed.accept(this);
	}

}
