package dev.outbox.dispatch;

import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.outbox.store.OrderingKey;
import org.jspecify.annotations.Nullable;

/**
 * The keys that were used last. Forgetting an idle one costs time, never order: what was
 * sent for it then counts as another instance's until it is confirmed. Any thread may ask
 * for those that are known.
 */
final class Lanes {

	private final Map<OrderingKey, Lane> lanes = new ConcurrentHashMap<>();

	private final int limit;

	private int sweepAt;

	private long uses;

	Lanes(int limit) {
		this.limit = limit;
		this.sweepAt = limit;
	}

	Lane lane(OrderingKey key) {
		if (this.lanes.size() >= this.sweepAt) {
			sweep();
		}
		Lane lane = this.lanes.computeIfAbsent(key, Lane::new);
		lane.usedAt = ++this.uses;
		return lane;
	}

	@Nullable Lane known(OrderingKey key) {
		return this.lanes.get(key);
	}

	boolean isAnyAwaitingPlace() {
		return this.lanes.values().stream().anyMatch((lane) -> lane.awaitsPlace);
	}

	// Forgets a tenth at once, the least recently used first. Keys that are not idle stay
	// and do not cause a sweep each time.
	private void sweep() {
		int wanted = this.limit - this.limit / 10;
		this.lanes.values()
			.stream()
			.filter(Lane::isIdle)
			.sorted(Comparator.comparingLong((lane) -> lane.usedAt))
			.limit(Math.max(0, this.lanes.size() - wanted))
			.toList()
			.forEach((lane) -> this.lanes.remove(lane.key));
		this.sweepAt = Math.max(this.limit, this.lanes.size() + this.limit / 10);
	}

}
