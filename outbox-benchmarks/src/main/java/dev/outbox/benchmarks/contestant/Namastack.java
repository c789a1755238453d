package dev.outbox.benchmarks.contestant;

import java.util.concurrent.CompletableFuture;

import io.namastack.outbox.Outbox;
import io.namastack.outbox.handler.OutboxRecordMetadata;
import io.namastack.outbox.handler.OutboxTypedHandler;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.kafka.core.KafkaTemplate;

/**
 * Namastack Outbox, with a handler that, as the one of its Kafka module, waits for the
 * acknowledgement of each event.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
class Namastack {

	@Bean
	Publishing publishing(Outbox outbox) {
		return (changes) -> changes.forEach((change) -> outbox.schedule(change, change.key()));
	}

	@Bean
	Handler handler(KafkaTemplate<String, String> template, JsonMapper mapper,
			@Value("${benchmark.topic}") String topic) {
		return new Handler(template, mapper, topic);
	}

	/**
	 * Sends.
	 *
	 * @param template Kafka's
	 * @param mapper for the payload
	 * @param topic where to send
	 */
	record Handler(KafkaTemplate<String, String> template, JsonMapper mapper,
			String topic) implements OutboxTypedHandler<Change> {

		@Override
		public void handle(Change change, OutboxRecordMetadata metadata) {
			CompletableFuture<?> sent = this.template.send(this.topic, change.key(),
					this.mapper.writeValueAsString(change));
			sent.join();
		}

	}

}
