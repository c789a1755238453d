package dev.outbox.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

import dev.outbox.OutboxTrouble.Kind;
import dev.outbox.health.InstanceHealth;

/**
 * Since when somebody else has been in the group. Who has died is still listed for a
 * while: only who stays for longer is told of. Belongs to the thread of the watch.
 */
final class GroupStrangers {

	private static final Duration ALIVE = Duration.ofSeconds(12);

	private static final int MOST_NAMES = 5;

	private final Map<String, Long> seen = new HashMap<>();

	private final String group;

	private final InstanceHealth health;

	private final LongSupplier clock;

	GroupStrangers(String group, InstanceHealth health, LongSupplier clock) {
		this.group = group;
		this.health = health;
		this.clock = clock;
	}

	boolean isAny() {
		return !this.seen.isEmpty();
	}

	// The client ids of those who stay. Those who are there are given by their client
	// ids and their members' ids.
	Collection<String> staying(Map<String, String> others) {
		long now = this.clock.getAsLong();
		this.seen.keySet().retainAll(others.keySet());
		others.keySet().forEach((member) -> this.seen.putIfAbsent(member, now));
		return others.entrySet()
			.stream()
			.filter((member) -> now - this.seen.getOrDefault(member.getKey(), now) >= ALIVE.toNanos())
			.map(Map.Entry::getValue)
			.sorted()
			.toList();
	}

	void tell(Collection<String> staying, String consequence) {
		if (!staying.isEmpty()) {
			this.health.report(Kind.IDENTITY, null, reason(staying) + consequence);
		}
		else if (!isAny()) {
			this.health.end(Kind.IDENTITY, null);
		}
	}

	String reason(Collection<String> clients) {
		return ("Consumer group '%s' is shared with %s, which clear no events of this outbox, but are given partitions "
				+ "with them. Give each application a source of its own (spring.application.name, outbox.source), and, "
				+ "if it is set, an outbox.confirmation.group-id of its own.")
			.formatted(this.group, clients.stream().limit(MOST_NAMES).collect(Collectors.joining(", ")));
	}

}
