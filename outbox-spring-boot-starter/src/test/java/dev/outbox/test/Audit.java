package dev.outbox.test;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Compares what arrived with what was committed.
 *
 * @param lost committed, and never arrived
 * @param phantoms arrived, and never committed
 * @param reordered first deliveries that came before an earlier one of their account
 * @param duplicates deliveries after the first
 */
record Audit(List<String> lost, List<String> phantoms, List<String> reordered, int duplicates) {

	private static final JsonMapper MAPPER = new JsonMapper();

	static Audit of(List<ConsumerRecord<String, String>> records, Map<Integer, Long> committed) {
		List<String> lost = new ArrayList<>();
		List<String> phantoms = new ArrayList<>();
		List<String> reordered = new ArrayList<>();
		Set<String> seen = new HashSet<>();
		Map<Integer, Long> last = new HashMap<>();
		int duplicates = 0;
		for (ConsumerRecord<String, String> message : records) {
			JsonNode payload = MAPPER.readTree(message.value()).required("payload");
			int account = payload.required("account").asInt();
			long sequence = payload.required("sequence").asLong();
			String change = account + "/" + sequence;
			if (!seen.add(change)) {
				duplicates++;
				continue;
			}
			if (sequence > committed.getOrDefault(account, 0L)) {
				phantoms.add(change);
			}
			if (sequence != last.getOrDefault(account, 0L) + 1) {
				reordered.add(change + " after " + last.get(account));
			}
			last.put(account, Math.max(sequence, last.getOrDefault(account, 0L)));
		}
		committed.forEach((account, sequences) -> {
			for (long sequence = 1; sequence <= sequences; sequence++) {
				if (!seen.contains(account + "/" + sequence)) {
					lost.add(account + "/" + sequence);
				}
			}
		});
		return new Audit(lost, phantoms, reordered, duplicates);
	}

}
