package dev.outbox.kafka;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the broker knows of a consumer group and its topics.
 */
final class GroupOffsets {

	private static final Logger logger = LoggerFactory.getLogger(GroupOffsets.class);

	private final Admin admin;

	private final String group;

	GroupOffsets(Admin admin, String group) {
		this.admin = admin;
		this.group = group;
	}

	Map<TopicPartition, Long> committed() throws InterruptedException, ExecutionException {
		Map<TopicPartition, Long> committed = new HashMap<>();
		this.admin.listConsumerGroupOffsets(this.group)
			.partitionsToOffsetAndMetadata()
			.get()
			.forEach((partition, offset) -> {
				if (offset != null) {
					committed.put(partition, offset.offset());
				}
			});
		return committed;
	}

	boolean hasMembers() throws InterruptedException, ExecutionException {
		try {
			return this.admin.describeConsumerGroups(Set.of(this.group))
				.all()
				.get()
				.values()
				.stream()
				.anyMatch((description) -> !description.members().isEmpty());
		}
		catch (ExecutionException ex) {
			if (ex.getCause() instanceof GroupIdNotFoundException) {
				return false;
			}
			throw ex;
		}
	}

	// A topic that cannot be described has no events that could have been read.
	Map<String, Map<TopicPartition, Long>> ends(Collection<String> topics)
			throws InterruptedException, ExecutionException {
		Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
		for (var topic : this.admin.describeTopics(topics).topicNameValues().entrySet()) {
			try {
				topic.getValue()
					.get()
					.partitions()
					.forEach((partition) -> wanted.put(new TopicPartition(topic.getKey(), partition.partition()),
							OffsetSpec.latest()));
			}
			catch (ExecutionException ex) {
				logger.debug("Topic {} cannot be described", topic.getKey(), ex);
			}
		}
		ListOffsetsResult offsets = this.admin.listOffsets(wanted);
		Map<String, Map<TopicPartition, Long>> ends = new HashMap<>();
		for (TopicPartition partition : wanted.keySet()) {
			ends.computeIfAbsent(partition.topic(), (topic) -> new HashMap<>()).put(partition, end(offsets, partition));
		}
		return ends;
	}

	// A partition that cannot answer, without a leader for example, concerns its topic
	// alone, which counts as not read.
	private static long end(ListOffsetsResult offsets, TopicPartition partition) throws InterruptedException {
		try {
			return offsets.partitionResult(partition).get().offset();
		}
		catch (ExecutionException ex) {
			logger.debug("The end of {} is not known", partition, ex);
			return Long.MAX_VALUE;
		}
	}

}
