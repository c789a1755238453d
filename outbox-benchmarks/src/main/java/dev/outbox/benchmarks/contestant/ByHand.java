package dev.outbox.benchmarks.contestant;

import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.StringSerializer;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * An outbox written by hand, with neither order nor retries: the limit of what can be
 * had.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
class ByHand {

	@Bean
	Producer<String, String> producer(@Value("${spring.kafka.bootstrap-servers}") List<String> servers) {
		return new KafkaProducer<>(Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, servers, ProducerConfig.ACKS_CONFIG,
				"all", ProducerConfig.LINGER_MS_CONFIG, 0), new StringSerializer(), new StringSerializer());
	}

	@Bean
	Publishing publishing(JdbcTemplate jdbc, JsonMapper mapper, ByHandSender sender) {
		return new ByHandPublishing(jdbc, mapper, sender);
	}

	@Bean(initMethod = "start", destroyMethod = "stop")
	ByHandSender sender(JdbcTemplate jdbc, Producer<String, String> producer,
			@Value("${benchmark.topic}") String topic) {
		return new ByHandSender(jdbc, producer, topic);
	}

}
