package dev.outbox.kafka;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import dev.outbox.OutboxStatus;
import dev.outbox.health.InstanceHealth;
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

	private final InstanceHealth health = new InstanceHealth(Duration.ofMinutes(20), System::nanoTime);

	private final ConfirmationListener listener = new ConfirmationListener(this.headers, this.confirmed::addAll,
			this.health);

	@Test
	void ownEventsAreConfirmed() {
		UUID one = UUID.randomUUID();
		UUID other = UUID.randomUUID();
		this.listener.onMessage(List.of(record(this.headers, one), record(this.headers, other)));
		assertThat(this.confirmed).containsExactly(one, other);
		assertThat(this.health.skipped()).isEqualTo(new OutboxStatus.Skipped(0, 0));
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
		assertThat(this.health.skipped()).isEqualTo(new OutboxStatus.Skipped(2, 1));
	}

	@Test
	void recordsWithTheNameOfThisOutboxAndNoIdAreMalformed() {
		byte[][] ids = { new byte[0], new byte[1_000_000], bytes("x".repeat(1_000_000)), bytes("1-2-3"),
				bytes("zzzzzzzz-zzzz-zzzz-zzzz-zzzzzzzzzzzz"), new byte[] { (byte) 0xff, (byte) 0xfe }, null };
		List<ConsumerRecord<Object, Object>> spoofed = new ArrayList<>();
		spoofed.add(spoofed(empty()));
		for (byte[] id : ids) {
			ConsumerRecord<Object, Object> message = spoofed(empty());
			message.headers().add(RecordHeaders.EVENT_ID, id);
			spoofed.add(message);
		}
		this.listener.onMessage(spoofed);
		assertThat(this.confirmed).isEmpty();
		assertThat(this.health.skipped()).isEqualTo(new OutboxStatus.Skipped(0, ids.length + 1));
	}

	@Test
	void lastOfSeveralHeadersOfANameCounts() {
		UUID id = UUID.randomUUID();
		ConsumerRecord<Object, Object> message = record(new RecordHeaders("warehouse"), UUID.randomUUID());
		this.headers.write(new OutboxRecord(id, "T", "topic", "key", "{}", Map.of()), message.headers());
		ConsumerRecord<Object, Object> foreign = record(this.headers, UUID.randomUUID());
		foreign.headers().add(RecordHeaders.SOURCE, bytes("warehouse"));
		this.listener.onMessage(List.of(message, foreign));
		assertThat(this.confirmed).containsExactly(id);
		assertThat(this.health.skipped()).isEqualTo(new OutboxStatus.Skipped(1, 0));
	}

	@Test
	void aFailureToClearIsPassedOnSoThatTheBatchIsReadAgain() {
		ConfirmationListener failing = new ConfirmationListener(this.headers, (eventIds) -> {
			throw new IllegalStateException("The database is down");
		}, this.health);
		assertThatIllegalStateException()
			.isThrownBy(() -> failing.onMessage(List.of(record(this.headers, UUID.randomUUID()))));
	}

	private static ConsumerRecord<Object, Object> record(RecordHeaders headers, UUID eventId) {
		ConsumerRecord<Object, Object> message = empty();
		headers.write(new OutboxRecord(eventId, "T", "topic", "key", "{}", Map.of()), message.headers());
		return message;
	}

	private static ConsumerRecord<Object, Object> spoofed(ConsumerRecord<Object, Object> message) {
		message.headers().add(RecordHeaders.SOURCE, bytes("shop"));
		return message;
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	private static ConsumerRecord<Object, Object> empty() {
		return new ConsumerRecord<>("topic", 0, 0, "key", "value");
	}

}
