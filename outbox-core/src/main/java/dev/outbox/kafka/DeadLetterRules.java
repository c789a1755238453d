package dev.outbox.kafka;

import java.util.LinkedHashMap;
import java.util.Map;

import dev.outbox.dispatch.PoisonPolicy;
import dev.outbox.dispatch.PoisonRules;
import dev.outbox.dispatch.SendException;
import dev.outbox.store.OutboxRecord;

import org.springframework.kafka.support.KafkaHeaders;

/**
 * Policies by event types, and dead letters with the headers that Spring Kafka gives
 * those of listeners.
 *
 * @since 0.1
 */
public final class DeadLetterRules implements PoisonRules {

	private static final int LONGEST_MESSAGE = 1000;

	private final PoisonPolicy byDefault;

	private final Map<String, PoisonPolicy> byType;

	private final String suffix;

	/**
	 * Create rules.
	 * @param byDefault the policy of types for which there is none
	 * @param byType policies by the names of event types
	 * @param suffix what is appended to the name of a topic to get that of its dead
	 * letters
	 */
	public DeadLetterRules(PoisonPolicy byDefault, Map<String, PoisonPolicy> byType, String suffix) {
		this.byDefault = byDefault;
		this.byType = Map.copyOf(byType);
		this.suffix = suffix;
	}

	/**
	 * The policy of an event type.
	 * @param eventType the name of the type
	 * @return the policy
	 */
	public PoisonPolicy policy(String eventType) {
		return this.byType.getOrDefault(eventType, this.byDefault);
	}

	/**
	 * The topic of the dead letters of a topic.
	 * @param topic the topic
	 * @return the name
	 */
	public String deadLetterTopic(String topic) {
		return topic + this.suffix;
	}

	// What is a dead letter already, and cannot be sent either, is parked.
	@Override
	public PoisonPolicy policy(OutboxRecord event) {
		PoisonPolicy policy = policy(event.eventType());
		return (policy == PoisonPolicy.DEAD_LETTER && isDeadLetter(event)) ? PoisonPolicy.PARK : policy;
	}

	@Override
	public OutboxRecord deadLetter(OutboxRecord event, SendException reason) {
		Map<String, String> headers = new LinkedHashMap<>(event.headers());
		headers.put(KafkaHeaders.DLT_ORIGINAL_TOPIC, event.topic());
		headers.put(KafkaHeaders.DLT_EXCEPTION_FQCN, exception(reason).getClass().getName());
		String message = String.valueOf(reason.getMessage());
		headers.put(KafkaHeaders.DLT_EXCEPTION_MESSAGE,
				message.substring(0, Math.min(message.length(), LONGEST_MESSAGE)));
		return new OutboxRecord(event.eventId(), event.eventType(), deadLetterTopic(event.topic()),
				event.partitionKey(), event.payload(), headers);
	}

	private boolean isDeadLetter(OutboxRecord event) {
		String original = event.headers().get(KafkaHeaders.DLT_ORIGINAL_TOPIC);
		return original != null && event.topic().equals(deadLetterTopic(original));
	}

	private static Throwable exception(SendException reason) {
		Throwable cause = reason.getCause();
		return (cause != null) ? cause : reason;
	}

}
