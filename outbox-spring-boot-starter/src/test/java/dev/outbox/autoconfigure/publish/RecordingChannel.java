package dev.outbox.autoconfigure.publish;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.outbox.dispatch.SendChannel;
import dev.outbox.store.OrderingKey;
import dev.outbox.store.OutboxRecord;

/**
 * Stands in for Kafka: acknowledges and remembers all that is sent.
 */
final class RecordingChannel implements SendChannel {

	private final List<OutboxRecord> sent = new CopyOnWriteArrayList<>();

	List<OutboxRecord> sent() {
		return List.copyOf(this.sent);
	}

	List<String> keys() {
		return this.sent.stream().map(OutboxRecord::partitionKey).toList();
	}

	@Override
	public int partition(OrderingKey key) {
		return 0;
	}

	@Override
	public void send(OutboxRecord event, int partition, boolean alone, Completion completion) {
		this.sent.add(event);
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
