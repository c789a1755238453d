package dev.outbox.dispatch;

import dev.outbox.store.OutboxRecord;
import org.jspecify.annotations.Nullable;

/**
 * An event under way. Its outcome comes on the producer's thread and is passed on to the
 * dispatcher's, which need not hurry if all is well.
 */
final class Sending implements SendChannel.Completion, Runnable {

	final Lane lane;

	final long id;

	final OutboxRecord event;

	/**
	 * The page by which the event is resent, or {@code null} for an own event.
	 */
	final @Nullable ResendPage page;

	private final Outlet outlet;

	private @Nullable SendException failure;

	private long completedAt;

	Sending(Lane lane, long id, OutboxRecord event, @Nullable ResendPage page, Outlet outlet) {
		this.lane = lane;
		this.id = id;
		this.event = event;
		this.page = page;
		this.outlet = outlet;
	}

	@Nullable SendException failure() {
		return this.failure;
	}

	long completedAt() {
		return this.completedAt;
	}

	@Override
	public void completed(@Nullable SendException failure) {
		this.failure = failure;
		this.completedAt = this.outlet.now();
		this.outlet.answered(this);
	}

	@Override
	public void run() {
		this.outlet.completed(this);
	}

}
