package dev.outbox.dispatch;

import java.time.Duration;

import dev.outbox.store.OrderingKey;
import dev.outbox.store.OutboxRecord;

/**
 * A channel that acknowledges at once.
 */
public final class PromptChannel implements SendChannel {

	@Override
	public int partition(OrderingKey key) {
		return 0;
	}

	@Override
	public void send(OutboxRecord event, int partition, boolean alone, Completion completion) {
		completion.completed(null);
	}

	@Override
	public boolean isClosed() {
		return false;
	}

	@Override
	public void close(Duration grace) {
	}

}
