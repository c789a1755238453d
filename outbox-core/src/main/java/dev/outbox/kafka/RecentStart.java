package dev.outbox.kafka;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

import org.springframework.kafka.listener.ConsumerAwareRebalanceListener;

/**
 * Lets the consumer start in the near past where its group has no committed offset, and
 * commits that start. Kafka's own {@code auto.offset.reset=by_duration} means the same,
 * but does not find a position in a partition that is empty, and then waits for
 * {@code request.timeout.ms} before it tries again.
 */
final class RecentStart implements ConsumerAwareRebalanceListener {

	private final Duration startAt;

	private final InstantSource clock;

	private final Runnable moved;

	// Who is told that partitions have moved must not wait.
	RecentStart(Duration startAt, InstantSource clock, Runnable moved) {
		this.startAt = startAt;
		this.clock = clock;
		this.moved = moved;
	}

	@Override
	public void onPartitionsRevokedAfterCommit(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
		this.moved.run();
	}

	@Override
	public void onPartitionsAssigned(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
		this.moved.run();
		Set<TopicPartition> started = new HashSet<>();
		consumer.committed(new HashSet<>(partitions)).forEach((partition, committed) -> {
			if (committed != null) {
				started.add(partition);
			}
		});
		Set<TopicPartition> fresh = new HashSet<>(partitions);
		fresh.removeAll(started);
		if (!fresh.isEmpty()) {
			start(consumer, fresh);
		}
	}

	private void start(Consumer<?, ?> consumer, Set<TopicPartition> partitions) {
		Map<TopicPartition, OffsetAndMetadata> starts = starts(consumer, partitions);
		starts.forEach(consumer::seek);
		consumer.commitSync(starts);
	}

	// The ends are asked for first: what is appended after that lies behind them, and is
	// read in any case.
	Map<TopicPartition, OffsetAndMetadata> starts(Consumer<?, ?> consumer, Set<TopicPartition> partitions) {
		Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
		long time = this.clock.instant().minus(this.startAt).toEpochMilli();
		Map<TopicPartition, @Nullable OffsetAndTimestamp> recent = consumer
			.offsetsForTimes(partitions.stream().collect(Collectors.toMap(Function.identity(), (partition) -> time)));
		Map<TopicPartition, OffsetAndMetadata> starts = new HashMap<>();
		ends.forEach((partition, end) -> {
			OffsetAndTimestamp found = recent.get(partition);
			starts.put(partition, new OffsetAndMetadata((found != null) ? Math.min(found.offset(), end) : end));
		});
		return starts;
	}

}
