package dev.outbox.debezium;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * What a consumer gets, byte by byte, as text. An absent partition means that the
 * producer's partitioner is left to choose it by the key.
 *
 * @param topic the record's topic
 * @param key its key
 * @param value its value
 * @param headers its headers in their order
 */
record Message(String topic, @Nullable String key, @Nullable String value, List<Header> headers) {

	static Message of(ProducerRecord<byte[], byte[]> sent) {
		List<Header> headers = new ArrayList<>();
		sent.headers().forEach((header) -> headers.add(new Header(header.key(), text(header.value()))));
		return new Message(sent.topic(), text(sent.key()), text(sent.value()), headers);
	}

	static @Nullable String text(byte @Nullable [] bytes) {
		return (bytes != null) ? new String(bytes, StandardCharsets.UTF_8) : null;
	}

	/**
	 * A header.
	 *
	 * @param name its name
	 * @param value its value
	 */
	record Header(String name, @Nullable String value) {

	}

}
