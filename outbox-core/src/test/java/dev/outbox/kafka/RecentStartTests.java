package dev.outbox.kafka;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.mockito.InOrder;

import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyMap;
import static org.mockito.ArgumentMatchers.anySet;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.inOrder;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;

/**
 * Where the confirming group begins to read.
 */
class RecentStartTests {

	private static final TopicPartition KNOWN = new TopicPartition("topic", 0);

	private static final TopicPartition NEW = new TopicPartition("topic", 1);

	private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

	private static final long HOUR_AGO = NOW.minus(Duration.ofHours(1)).toEpochMilli();

	private final Consumer<?, ?> consumer = mock(Consumer.class);

	private final RecentStart start = new RecentStart(Duration.ofHours(1), () -> NOW, () -> {
	});

	@Test
	void aPartitionWithoutACommittedOffsetIsReadFromTheNearPast() {
		committed(7);
		ends(10);
		recent(3);
		assigned();
		verify(this.consumer).seek(NEW, new OffsetAndMetadata(3));
		verify(this.consumer, never()).seek(eq(KNOWN), any(OffsetAndMetadata.class));
		verify(this.consumer).commitSync(Map.of(NEW, new OffsetAndMetadata(3)));
	}

	@Test
	void aPartitionWithoutRecentRecordsIsReadFromItsEnd() {
		committed(7);
		ends(10);
		recent(null);
		assigned();
		verify(this.consumer).seek(NEW, new OffsetAndMetadata(10));
	}

	@Test
	void whatIsAppendedWhileTheStartIsLookedForIsRead() {
		committed(7);
		ends(10);
		recent(12);
		assigned();
		InOrder order = inOrder(this.consumer);
		order.verify(this.consumer).endOffsets(anySet());
		order.verify(this.consumer).offsetsForTimes(anyMap());
		order.verify(this.consumer).seek(NEW, new OffsetAndMetadata(10));
	}

	private void assigned() {
		this.start.onPartitionsAssigned(this.consumer, List.of(KNOWN, NEW));
	}

	private void committed(long offset) {
		Map<TopicPartition, @Nullable OffsetAndMetadata> committed = new HashMap<>();
		committed.put(KNOWN, new OffsetAndMetadata(offset));
		committed.put(NEW, null);
		given(this.consumer.committed(anySet())).willReturn(committed);
	}

	private void ends(long end) {
		given(this.consumer.endOffsets(anySet())).willReturn(Map.of(NEW, end));
	}

	private void recent(@Nullable Integer offset) {
		Map<TopicPartition, @Nullable OffsetAndTimestamp> recent = new HashMap<>();
		recent.put(NEW, (offset != null) ? new OffsetAndTimestamp(offset, HOUR_AGO + 1) : null);
		given(this.consumer.offsetsForTimes(Map.of(NEW, HOUR_AGO))).willReturn(recent);
	}

}
