package dev.outbox.kafka;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import dev.outbox.store.OutboxRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * What is taken for an own event, and what is not.
 */
class ConfirmationListenerTests {

	private final RecordHeaders headers = new RecordHeaders("shop");

	private final List<UUID> confirmed = new ArrayList<>();

	private final ConfirmationListener listener = new ConfirmationListener(this.headers, this.confirmed::addAll);

	@Test
	void ownEventsAreConfirmed() {
		UUID one = UUID.randomUUID();
		UUID other = UUID.randomUUID();
		this.listener.onMessage(List.of(record(this.headers, one), record(this.headers, other)));
		assertThat(this.confirmed).containsExactly(one, other);
	}

	@Test
	void eventsOfAnotherSourceAreNotConfirmed() {
		this.listener.onMessage(List.of(record(new RecordHeaders("warehouse"), UUID.randomUUID())));
		assertThat(this.confirmed).isEmpty();
	}

	@Test
	void foreignAndBrokenRecordsArePassedOver() {
		UUID own = UUID.randomUUID();
		ConsumerRecord<Object, Object> none = empty();
		ConsumerRecord<Object, Object> garbage = empty();
		garbage.headers().add(RecordHeaders.SOURCE, "shop".getBytes(StandardCharsets.UTF_8));
		garbage.headers().add(RecordHeaders.EVENT_ID, new byte[] { 1, 2, (byte) 0xff });
		ConsumerRecord<Object, Object> nulls = empty();
		nulls.headers().add(RecordHeaders.SOURCE, null);
		nulls.headers().add(RecordHeaders.EVENT_ID, null);
		this.listener.onMessage(List.of(none, garbage, nulls, record(this.headers, own)));
		assertThat(this.confirmed).containsExactly(own);
	}

	@Test
	void aFailureToClearIsPassedOnSoThatTheBatchIsReadAgain() {
		ConfirmationListener failing = new ConfirmationListener(this.headers, (eventIds) -> {
			throw new IllegalStateException("The database is down");
		});
		assertThatIllegalStateException()
			.isThrownBy(() -> failing.onMessage(List.of(record(this.headers, UUID.randomUUID()))));
	}

	private static ConsumerRecord<Object, Object> record(RecordHeaders headers, UUID eventId) {
		ConsumerRecord<Object, Object> message = empty();
		headers.write(new OutboxRecord(eventId, "T", "topic", "key", "{}", Map.of()), message.headers());
		return message;
	}

	private static ConsumerRecord<Object, Object> empty() {
		return new ConsumerRecord<>("topic", 0, 0, "key", "value");
	}

}
