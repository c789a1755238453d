package dev.outbox.dispatch;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.outbox.store.OrderingKey;
import org.jspecify.annotations.Nullable;

/**
 * The keys that were used last. Forgetting an idle one costs time, never order: what was
 * sent for it then counts as another instance's until it is confirmed.
 */
final class Lanes {

	private static final float LOAD_FACTOR = 0.75f;

	private final Map<OrderingKey, Lane> lanes = new LinkedHashMap<>(16, LOAD_FACTOR, true);

	private final int limit;

	private int sweepAt;

	Lanes(int limit) {
		this.limit = limit;
		this.sweepAt = limit;
	}

	Lane lane(OrderingKey key) {
		if (this.lanes.size() >= this.sweepAt) {
			sweep();
		}
		return this.lanes.computeIfAbsent(key, Lane::new);
	}

	@Nullable Lane known(OrderingKey key) {
		return this.lanes.get(key);
	}

	// Forgets a tenth at once, the least recently used first. Keys that are not idle stay
	// and do not cause a sweep each time.
	private void sweep() {
		int wanted = this.limit - this.limit / 10;
		Iterator<Lane> eldest = this.lanes.values().iterator();
		while (eldest.hasNext() && this.lanes.size() > wanted) {
			if (eldest.next().isIdle()) {
				eldest.remove();
			}
		}
		this.sweepAt = Math.max(this.limit, this.lanes.size() + this.limit / 10);
	}

}
