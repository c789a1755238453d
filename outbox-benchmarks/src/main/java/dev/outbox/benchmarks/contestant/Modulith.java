package dev.outbox.benchmarks.contestant;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.modulith.events.EventExternalizationConfiguration;
import org.springframework.modulith.events.RoutingTarget;

/**
 * Spring Modulith's registry of event publications, with its externalization to Kafka.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
class Modulith {

	@Bean
	EventExternalizationConfiguration externalization(@Value("${benchmark.topic}") String topic) {
		return EventExternalizationConfiguration.externalizing()
			.select((event) -> event instanceof Change)
			.route(Change.class, (change) -> RoutingTarget.forTarget(topic).andKey(change.key()))
			.build();
	}

	@Bean
	Publishing publishing(ApplicationEventPublisher publisher) {
		return (changes) -> changes.forEach(publisher::publishEvent);
	}

}
