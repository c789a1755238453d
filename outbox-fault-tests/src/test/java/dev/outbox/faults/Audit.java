package dev.outbox.faults;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * Compares what arrived with what was committed.
 *
 * @param lost committed, and never arrived, nor parked for being too large
 * @param phantoms arrived, and never committed
 * @param reordered first deliveries that came after that of the next one of their account
 * @param duplicates deliveries after the first
 * @param longestWay the longest time from the change to the first delivery
 */
record Audit(List<String> lost, List<String> phantoms, List<String> reordered, int duplicates, Duration longestWay) {

	static Audit of(List<Entry> committed, List<ConsumerRecord<String, String>> records, Set<String> parked,
			String source) {
		Map<String, ConsumerRecord<String, String>> firsts = new HashMap<>();
		int duplicates = 0;
		for (ConsumerRecord<String, String> message : records) {
			String eventId = header(message, "event-id");
			if (eventId != null && source.equals(header(message, "outbox-source"))) {
				ConsumerRecord<String, String> other = firsts.putIfAbsent(eventId, message);
				if (other != null) {
					duplicates++;
					firsts.put(eventId, isBefore(message, other) ? message : other);
				}
			}
		}
		List<String> lost = new ArrayList<>();
		List<String> reordered = new ArrayList<>();
		Set<String> known = new HashSet<>();
		Entry previous = null;
		long longestWay = 0;
		long monotonicClock = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis()) - System.nanoTime();
		for (Entry entry : committed) {
			known.add(entry.eventId());
			ConsumerRecord<String, String> first = firsts.get(entry.eventId());
			if (first != null) {
				if (previous != null && previous.account() == entry.account()
						&& isBefore(first, firsts.get(previous.eventId()))) {
					reordered.add(entry + " before " + previous);
				}
				previous = entry;
				longestWay = Math.max(longestWay,
						TimeUnit.MILLISECONDS.toNanos(first.timestamp()) - monotonicClock - entry.changedAt());
			}
			else if (!entry.tooLarge() || !parked.contains(entry.eventId())) {
				lost.add(entry.toString());
			}
		}
		List<String> phantoms = firsts.keySet().stream().filter((eventId) -> !known.contains(eventId)).toList();
		return new Audit(lost, phantoms, reordered, duplicates, Duration.ofNanos(longestWay));
	}

	// Across partitions by time, where in doubt no.
	private static boolean isBefore(ConsumerRecord<?, ?> one, @Nullable ConsumerRecord<?, ?> other) {
		if (other == null) {
			return false;
		}
		return (one.partition() == other.partition()) ? one.offset() < other.offset()
				: one.timestamp() < other.timestamp();
	}

	private static @Nullable String header(ConsumerRecord<?, ?> message, String name) {
		Header header = message.headers().lastHeader(name);
		return (header != null) ? new String(header.value(), StandardCharsets.UTF_8) : null;
	}

}
