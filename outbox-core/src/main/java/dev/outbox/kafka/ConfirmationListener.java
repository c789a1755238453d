package dev.outbox.kafka;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

import org.apache.kafka.clients.consumer.ConsumerRecord;

import org.springframework.kafka.listener.BatchMessageListener;

/**
 * Reads the outbox's own events back and clears them. Looks at headers only; whatever is
 * not an event of this outbox is passed over. Offsets are committed after the rows are
 * gone.
 *
 * @since 0.1
 */
public final class ConfirmationListener implements BatchMessageListener<Object, Object> {

	private final RecordHeaders headers;

	private final Consumer<List<UUID>> confirmed;

	/**
	 * Create a listener.
	 * @param headers the headers of the outbox's records
	 * @param confirmed clears events; when it throws, the batch is read again
	 */
	public ConfirmationListener(RecordHeaders headers, Consumer<List<UUID>> confirmed) {
		this.headers = headers;
		this.confirmed = confirmed;
	}

	@Override
	public void onMessage(List<ConsumerRecord<Object, Object>> records) {
		List<UUID> eventIds = new ArrayList<>(records.size());
		for (ConsumerRecord<Object, Object> record : records) {
			UUID eventId = this.headers.readOwn(record.headers());
			if (eventId != null) {
				eventIds.add(eventId);
			}
		}
		if (!eventIds.isEmpty()) {
			this.confirmed.accept(eventIds);
		}
	}

}
