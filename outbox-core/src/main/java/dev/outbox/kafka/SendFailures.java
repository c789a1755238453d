package dev.outbox.kafka;

import java.util.List;

import dev.outbox.dispatch.SendException;
import dev.outbox.dispatch.Trouble;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedForMessageFormatException;

/**
 * Tells kinds of trouble apart by the producer's exceptions. What is not known to concern
 * one event or one topic alone is taken for an outage: then events wait, and none is
 * parked by mistake.
 */
final class SendFailures {

	private static final List<Class<? extends Exception>> POISON = List.of(RecordTooLargeException.class,
			RecordBatchTooLargeException.class, InvalidRecordException.class, SerializationException.class);

	private static final List<Class<? extends Exception>> TOPIC = List.of(TopicAuthorizationException.class,
			InvalidTopicException.class, UnknownTopicOrPartitionException.class, UnknownTopicIdException.class,
			PolicyViolationException.class, UnsupportedForMessageFormatException.class);

	private SendFailures() {
	}

	// Of a batch that the broker refuses because of one event, the producer names that
	// one
	// only if it can; and the clock of this machine concerns all events.
	static SendException of(Throwable failure, boolean alone) {
		String message = String.valueOf(failure.getMessage());
		if (failure instanceof InvalidTimestampException || message.contains("timestamp")) {
			return new SendException(Trouble.TOPIC, failure);
		}
		if (!alone && (failure instanceof InvalidRecordException || message.contains("part of a batch"))) {
			return new SendException(Trouble.CLOSED, failure);
		}
		return of(failure);
	}

	private static SendException of(Throwable failure) {
		Throwable cause = failure;
		while (cause != null) {
			Throwable one = cause;
			if (POISON.stream().anyMatch((type) -> type.isInstance(one))) {
				return new SendException(Trouble.POISON, one);
			}
			if (TOPIC.stream().anyMatch((type) -> type.isInstance(one))) {
				return new SendException(Trouble.TOPIC, one);
			}
			if (one instanceof TimeoutException && one.getCause() != null) {
				// No metadata of this topic, for a reason that the broker gave.
				return new SendException(Trouble.TOPIC, one);
			}
			cause = cause.getCause();
		}
		return new SendException(Trouble.OUTAGE, failure);
	}

}
