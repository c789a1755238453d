package example.shop;

import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

import org.springframework.kafka.core.KafkaAdmin;

/**
 * Tells how many records a consumer group has yet to handle.
 */
final class Lag {

	private Lag() {
	}

	static long of(KafkaAdmin kafka, String group) throws Exception {
		try (Admin admin = Admin.create(kafka.getConfigurationProperties())) {
			Map<TopicPartition, OffsetAndMetadata> handled = admin.listConsumerGroupOffsets(group)
				.partitionsToOffsetAndMetadata()
				.get();
			Map<TopicPartition, OffsetSpec> latest = handled.keySet()
				.stream()
				.collect(Collectors.toMap(Function.identity(), (partition) -> OffsetSpec.latest()));
			long end = admin.listOffsets(latest)
				.all()
				.get()
				.values()
				.stream()
				.mapToLong(ListOffsetsResultInfo::offset)
				.sum();
			return end - handled.values().stream().mapToLong(OffsetAndMetadata::offset).sum();
		}
	}

}
