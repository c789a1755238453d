package dev.outbox.autoconfigure;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.outbox.OutboxException;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.config.SslConfigs;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.boot.kafka.autoconfigure.SslBundleSslEngineFactory;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.util.StringUtils;

/**
 * How the outbox's clients connect: as the application's own, by its properties and
 * connection details. Of {@code spring.kafka} only what concerns the connection and its
 * security is taken over; the rest is the application's.
 */
final class KafkaConnection {

	private static final List<String> PREFIXES = List.of("ssl.", "sasl.", "security.", "socket.", "reconnect.",
			"retry.backoff", "client.dns.lookup", "bootstrap.", "metadata.recovery.");

	private final KafkaProperties properties;

	private final KafkaConnectionDetails details;

	private KafkaConnection(KafkaProperties properties, KafkaConnectionDetails details) {
		this.properties = properties;
		this.details = details;
	}

	static KafkaConnection of(ObjectProvider<KafkaProperties> properties,
			ObjectProvider<KafkaConnectionDetails> details) {
		KafkaConnectionDetails available = details.getIfAvailable();
		if (available == null) {
			throw new OutboxException("The outbox needs Kafka, but there are no connection details of a broker. Do not "
					+ "exclude KafkaAutoConfiguration and set spring.kafka.bootstrap-servers, or declare a bean of type "
					+ "KafkaConnectionDetails");
		}
		return new KafkaConnection(properties.getIfAvailable(KafkaProperties::new), available);
	}

	Map<String, Object> producer() {
		return settings(this.properties.buildProducerProperties(), this.details.getProducer());
	}

	Map<String, Object> consumer() {
		return settings(this.properties.buildConsumerProperties(), this.details.getConsumer());
	}

	Map<String, Object> admin() {
		return settings(this.properties.buildAdminProperties(), this.details.getAdmin());
	}

	private static Map<String, Object> settings(Map<String, Object> all, KafkaConnectionDetails.Configuration details) {
		Map<String, Object> settings = new HashMap<>();
		all.forEach((name, value) -> {
			if (PREFIXES.stream().anyMatch(name::startsWith)) {
				settings.put(name, value);
			}
		});
		settings.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, details.getBootstrapServers());
		String protocol = details.getSecurityProtocol();
		if (StringUtils.hasLength(protocol)) {
			settings.put(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, protocol);
		}
		@Nullable SslBundle bundle = details.getSslBundle();
		if (bundle != null) {
			settings.put(SslConfigs.SSL_ENGINE_FACTORY_CLASS_CONFIG, SslBundleSslEngineFactory.class);
			settings.put(SslBundle.class.getName(), bundle);
		}
		return settings;
	}

}
