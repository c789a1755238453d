package dev.outbox.kafka;

import java.time.Duration;
import java.util.Map;

import dev.outbox.OutboxTrouble.Kind;
import dev.outbox.health.InstanceHealth;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.jspecify.annotations.Nullable;

/**
 * Tells of what it is not allowed to read, each time that it is refused. Whoever polls it
 * tries again soon.
 */
final class ConfirmingConsumer extends KafkaConsumer<Object, Object> {

	private static final Duration MEMORY = Duration.ofSeconds(20);

	private final String group;

	private final InstanceHealth health;

	ConfirmingConsumer(Map<String, Object> settings, String group, InstanceHealth health) {
		super(settings);
		this.group = group;
		this.health = health;
	}

	@Override
	public ConsumerRecords<Object, Object> poll(Duration timeout) {
		try {
			return super.poll(timeout);
		}
		catch (KafkaException ex) {
			tell(ex);
			throw ex;
		}
	}

	// What was refused while partitions were assigned is a cause of what is thrown.
	private void tell(KafkaException failure) {
		Throwable cause = failure;
		while (cause != null) {
			if (cause instanceof TopicAuthorizationException ex) {
				ex.unauthorizedTopics().forEach((topic) -> tell(topic, "the topic", ex));
				return;
			}
			if (cause instanceof AuthorizationException || cause instanceof AuthenticationException) {
				tell(null, "events back", cause);
				return;
			}
			cause = cause.getCause();
		}
	}

	private void tell(@Nullable String topic, String what, Throwable refusal) {
		this.health.report(Kind.READING, topic,
				"Consumer group '%s' may not read %s: %s. Grant the right to read and describe; until then nothing is "
					.formatted(this.group, what, refusal.getMessage())
						+ "confirmed, rows stay, and some events are sent again",
				MEMORY);
	}

}
