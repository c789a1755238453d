package dev.outbox.benchmarks.contestant;

import dev.outbox.EventType;
import dev.outbox.OutboxEventPublisher;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;

/**
 * This outbox.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
class Ours {

	@Bean
	EventType ledger(@Value("${benchmark.topic}") String topic) {
		return new LedgerEventType(Contestant.EVENT_TYPE, topic);
	}

	@Bean
	Publishing publishing(OutboxEventPublisher publisher, EventType type) {
		return (changes) -> changes.forEach((change) -> publisher.publishEvent(type, change.account(), change));
	}

	private record LedgerEventType(String name, String topic) implements EventType {

	}

}
