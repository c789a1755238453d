package dev.outbox.kafka;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.outbox.dispatch.SendException;
import dev.outbox.dispatch.Trouble;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.FencedLeaderEpochException;
import org.apache.kafka.common.errors.InconsistentTopicIdException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.LeaderNotAvailableException;
import org.apache.kafka.common.errors.ListenerNotFoundException;
import org.apache.kafka.common.errors.NotEnoughReplicasAfterAppendException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.ReplicaNotAvailableException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownLeaderEpochException;
import org.apache.kafka.common.errors.UnknownServerException;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedForMessageFormatException;

/**
 * Tells kinds of trouble apart by the producer's exceptions. What a broker says of one
 * partition concerns its topic. What is not known to concern one event or one topic alone
 * is taken for an outage: then events wait, and none is parked by mistake.
 */
final class SendFailures {

	private static final Map<Class<?>, Trouble> KINDS = kinds();

	private SendFailures() {
	}

	// The clock of this machine concerns all events. Of a batch that the broker refuses
	// because of one event, the producer names that one only if it can.
	static SendException of(Throwable failure, boolean alone) {
		String message = String.valueOf(failure.getMessage());
		boolean invalid = failure instanceof InvalidRecordException;
		if (invalid && message.contains("timestamp")) {
			return new SendException(Trouble.TOPIC, failure);
		}
		boolean ofTheBatch = invalid || failure instanceof RecordBatchTooLargeException
				|| message.contains("part of a batch");
		if (!alone && ofTheBatch) {
			return new SendException(Trouble.CLOSED, failure);
		}
		return of(failure);
	}

	// What a failure of this class means by itself.
	static Trouble kind(Class<?> type) {
		return KINDS.getOrDefault(type, Trouble.OUTAGE);
	}

	private static SendException of(Throwable failure) {
		Throwable cause = failure;
		while (cause != null) {
			Trouble kind = kind(cause.getClass());
			if (cause instanceof TimeoutException && cause.getCause() != null) {
				// No metadata of this topic, for a reason that the broker gave.
				kind = Trouble.TOPIC;
			}
			if (kind != Trouble.OUTAGE) {
				return new SendException(kind, cause);
			}
			cause = cause.getCause();
		}
		return new SendException(Trouble.OUTAGE, failure);
	}

	private static Map<Class<?>, Trouble> kinds() {
		Map<Class<?>, Trouble> kinds = new HashMap<>();
		List.of(RecordTooLargeException.class, RecordBatchTooLargeException.class, InvalidRecordException.class,
				SerializationException.class)
			.forEach((type) -> kinds.put(type, Trouble.POISON));
		List.of(TopicAuthorizationException.class, InvalidTopicException.class, UnknownTopicOrPartitionException.class,
				UnknownTopicIdException.class, InconsistentTopicIdException.class,
				InvalidReplicationFactorException.class, PolicyViolationException.class,
				UnsupportedForMessageFormatException.class, InvalidTimestampException.class,
				UnknownServerException.class, LeaderNotAvailableException.class, NotLeaderOrFollowerException.class,
				ReplicaNotAvailableException.class, ListenerNotFoundException.class, FencedLeaderEpochException.class,
				UnknownLeaderEpochException.class, KafkaStorageException.class, CorruptRecordException.class,
				NotEnoughReplicasException.class, NotEnoughReplicasAfterAppendException.class)
			.forEach((type) -> kinds.put(type, Trouble.TOPIC));
		return Map.copyOf(kinds);
	}

}
