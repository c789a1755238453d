package dev.outbox.dispatch;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import dev.outbox.store.OutboxRecord;
import dev.outbox.store.PlacedEvent;

/**
 * Bounds the memory that unsent events take.
 */
final class HeldBytes {

	private final AtomicLong bytes = new AtomicLong();

	private final AtomicInteger events = new AtomicInteger();

	private final long limit;

	HeldBytes(long limit) {
		this.limit = limit;
	}

	boolean tryAdd(List<PlacedEvent> events) {
		long size = 0;
		for (PlacedEvent placed : events) {
			size += placed.event().size();
		}
		long more = size;
		long before = this.bytes.getAndUpdate((held) -> (held + more > this.limit) ? held : held + more);
		if (before + size > this.limit) {
			return false;
		}
		this.events.addAndGet(events.size());
		return true;
	}

	int events() {
		return this.events.get();
	}

	// From 0 to 1, or more if events have come back.
	double share() {
		return (double) this.bytes.get() / this.limit;
	}

	// For events that come back: they have been accepted before.
	void add(OutboxRecord event) {
		this.bytes.addAndGet(event.size());
		this.events.incrementAndGet();
	}

	void remove(OutboxRecord event) {
		this.bytes.addAndGet(-event.size());
		this.events.decrementAndGet();
	}

}
