package dev.outbox.dispatch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The keys that have own events to be sent, but for those that the table is asked about:
 * those whose turn will come, and those that wait for an acknowledgement first.
 */
final class ReadyLanes {

	private final Set<Lane> ready = new LinkedHashSet<>();

	private final Map<String, Set<Lane>> waiting = new HashMap<>();

	private final Outlet outlet;

	ReadyLanes(Outlet outlet) {
		this.outlet = outlet;
	}

	boolean isEmpty() {
		return this.ready.isEmpty();
	}

	int size() {
		return this.ready.size();
	}

	void add(Lane lane) {
		this.ready.add(lane);
	}

	// Whether some wait for the events of other instances, and not for their topic.
	boolean isLooking(long now) {
		return this.ready.stream()
			.anyMatch((lane) -> lane.isLooking() && this.outlet.untilOpen(lane.key.topic(), now) == 0);
	}

	// The key waits until something of its topic is acknowledged.
	void await(Lane lane) {
		this.waiting.computeIfAbsent(lane.key.topic(), (topic) -> new LinkedHashSet<>()).add(lane);
	}

	boolean isAwaiting() {
		return !this.waiting.isEmpty();
	}

	void acknowledged(String topic) {
		Set<Lane> lanes = this.waiting.remove(topic);
		if (lanes != null) {
			this.ready.addAll(lanes);
		}
	}

	// Takes some of those whose time has come.
	List<Lane> take(int limit, long now) {
		List<Lane> round = new ArrayList<>();
		Iterator<Lane> lanes = this.ready.iterator();
		while (lanes.hasNext() && round.size() < limit) {
			Lane lane = lanes.next();
			if (untilReady(lane, now) == 0) {
				lanes.remove();
				round.add(lane);
			}
		}
		return round;
	}

	// Puts back those that are not done, and do not wait for anything.
	void putBack(List<Lane> round) {
		for (Lane lane : round) {
			if (!lane.unsent.isEmpty() && !lane.asked && !lane.awaitsPlace && !isWaiting(lane)) {
				this.ready.add(lane);
			}
		}
	}

	long idleTime(long now) {
		long soonest = Long.MAX_VALUE;
		for (Lane lane : this.ready) {
			soonest = Math.min(soonest, untilReady(lane, now));
			if (soonest == 0) {
				break;
			}
		}
		return soonest;
	}

	private boolean isWaiting(Lane lane) {
		return this.waiting.getOrDefault(lane.key.topic(), Set.of()).contains(lane);
	}

	private long untilReady(Lane lane, long now) {
		return Math.max(lane.untilLook(now), this.outlet.untilOpen(lane.key.topic(), now));
	}

}
