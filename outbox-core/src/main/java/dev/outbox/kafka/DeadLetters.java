package dev.outbox.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.BytesSerializer;
import org.apache.kafka.common.serialization.DoubleSerializer;
import org.apache.kafka.common.serialization.IntegerSerializer;
import org.apache.kafka.common.serialization.LongSerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.serialization.UUIDSerializer;
import org.apache.kafka.common.utils.Bytes;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.listener.DeadLetterPublishingRecoverer;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.kafka.support.ExponentialBackOffWithMaxRetries;
import org.springframework.kafka.support.serializer.DelegatingByTypeSerializer;
import org.springframework.util.backoff.BackOff;
import org.springframework.util.backoff.FixedBackOff;

/**
 * Sends what a listener fails to handle to a dead-letter topic, through a producer of its
 * own, whatever the application's template can serialise.
 *
 * @since 0.1
 */
public final class DeadLetters implements DisposableBean {

	private static final Map<Class<?>, Serializer<?>> SERIALIZERS = Map.of(String.class, new StringSerializer(),
			byte[].class, new ByteArraySerializer(), Bytes.class, new BytesSerializer(), Long.class,
			new LongSerializer(), Integer.class, new IntegerSerializer(), Double.class, new DoubleSerializer(),
			java.util.UUID.class, new UUIDSerializer());

	private final DefaultKafkaProducerFactory<Object, Object> producers;

	/**
	 * Create it.
	 * @param connection how to connect
	 */
	public DeadLetters(Map<String, Object> connection) {
		Map<String, Object> settings = new HashMap<>(connection);
		settings.put(ProducerConfig.ACKS_CONFIG, "all");
		this.producers = new DefaultKafkaProducerFactory<>(settings, () -> new DelegatingByTypeSerializer(SERIALIZERS),
				() -> new DelegatingByTypeSerializer(SERIALIZERS));
	}

	/**
	 * Make an error handler.
	 * @param suffix what is appended to a topic's name
	 * @param retries how often a record is retried first
	 * @param backOff how long to wait before the first retry
	 * @param multiplier by what to multiply the wait before each further retry
	 * @param longestBackOff how long to wait at most
	 * @return the error handler
	 */
	public DefaultErrorHandler errorHandler(String suffix, int retries, Duration backOff, double multiplier,
			Duration longestBackOff) {
		// The record's own partition, or any if the dead-letter topic has fewer.
		DeadLetterPublishingRecoverer recoverer = new DeadLetterPublishingRecoverer(new KafkaTemplate<>(this.producers),
				(message, ex) -> new TopicPartition(message.topic() + suffix, message.partition()));
		return new DefaultErrorHandler(recoverer, backOff(retries, backOff, multiplier, longestBackOff));
	}

	@Override
	public void destroy() {
		this.producers.destroy();
	}

	private static BackOff backOff(int retries, Duration backOff, double multiplier, Duration longestBackOff) {
		if (multiplier == 1) {
			return new FixedBackOff(backOff.toMillis(), retries);
		}
		ExponentialBackOffWithMaxRetries exponential = new ExponentialBackOffWithMaxRetries(retries);
		exponential.setInitialInterval(backOff.toMillis());
		exponential.setMultiplier(multiplier);
		exponential.setMaxInterval(longestBackOff.toMillis());
		return exponential;
	}

}
