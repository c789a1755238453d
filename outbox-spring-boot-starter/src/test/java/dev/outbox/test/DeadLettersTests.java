package dev.outbox.test;

import java.time.Duration;
import java.util.Map;
import java.util.UUID;

import dev.outbox.kafka.DeadLetters;
import dev.outbox.testsupport.KafkaBroker;
import dev.outbox.testsupport.TopicReader;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.kafka.listener.MessageListenerContainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

/**
 * What becomes of a record that a listener fails to handle.
 */
@Tag("long")
class DeadLettersTests {

	private final String topic = "orders." + UUID.randomUUID();

	private final DeadLetters letters = new DeadLetters(
			Map.of("bootstrap.servers", KafkaBroker.shared().bootstrapServers()));

	private final DefaultErrorHandler handler = this.letters.errorHandler("-dlt", 0, Duration.ZERO, 1, Duration.ZERO);

	@AfterEach
	void close() {
		this.letters.destroy();
	}

	@Test
	void aRecordGoesToAnotherPartitionWhereTheDeadLetterTopicHasFewer() {
		KafkaBroker.shared().createTopic(this.topic + "-dlt", 1);
		assertThat(handled("payload")).isTrue();
		try (TopicReader reader = TopicReader.read(KafkaBroker.shared().bootstrapServers(), this.topic + "-dlt")) {
			assertThat(reader.await(1, Duration.ofSeconds(30))).singleElement().satisfies((message) -> {
				assertThat(message.value()).isEqualTo("payload");
				assertThat(message.partition()).isZero();
			});
		}
	}

	// It is read again then: it neither passes for handled nor stops the consumer.
	@Test
	void aRecordThatCannotBeWrittenAsADeadLetterIsNotTakenForHandled() {
		KafkaBroker.shared().createTopic(this.topic + "-dlt", 1);
		assertThat(handled(Map.of("no", "serializer"))).isFalse();
	}

	private boolean handled(Object value) {
		return this.handler.handleOne(new IllegalStateException("The listener fails"),
				new ConsumerRecord<>(this.topic, 2, 0, "key", value), mock(Consumer.class),
				mock(MessageListenerContainer.class));
	}

}
