package dev.outbox.kafka;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

import dev.outbox.health.InstanceHealth;
import org.apache.kafka.clients.consumer.ConsumerRecord;

import org.springframework.kafka.listener.BatchMessageListener;

/**
 * Reads the outbox's own events back and clears them. Looks at headers only; whatever is
 * not an event of this outbox is passed over, and counted. Offsets are committed after
 * the rows are gone.
 *
 * @since 0.1
 */
public final class ConfirmationListener implements BatchMessageListener<Object, Object> {

	private final RecordHeaders headers;

	private final Consumer<List<UUID>> confirmed;

	private final InstanceHealth health;

	/**
	 * Create a listener.
	 * @param headers the headers of the outbox's records
	 * @param confirmed clears events; when it throws, the batch is read again
	 * @param health is told what was passed over
	 */
	public ConfirmationListener(RecordHeaders headers, Consumer<List<UUID>> confirmed, InstanceHealth health) {
		this.headers = headers;
		this.confirmed = confirmed;
		this.health = health;
	}

	@Override
	public void onMessage(List<ConsumerRecord<Object, Object>> records) {
		List<UUID> eventIds = new ArrayList<>(records.size());
		int malformed = 0;
		for (ConsumerRecord<Object, Object> record : records) {
			if (this.headers.isOwn(record.headers())) {
				UUID eventId = this.headers.eventId(record.headers());
				if (eventId != null) {
					eventIds.add(eventId);
				}
				else {
					malformed++;
				}
			}
		}
		if (!eventIds.isEmpty()) {
			this.confirmed.accept(eventIds);
		}
		if (eventIds.size() < records.size()) {
			this.health.skipped(records.size() - eventIds.size() - malformed, malformed);
		}
	}

}
