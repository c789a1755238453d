package example.shop.broker;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;

/**
 * Runs a broker inside the application unless there is a real one. The bean tells all
 * Kafka clients where to connect, so they start after the broker and stop before it.
 */
@Configuration(proxyBeanMethods = false)
@Profile("!docker")
class BrokerConfiguration {

	@Bean(initMethod = "start", destroyMethod = "stop")
	EmbeddedBroker embeddedBroker(BrokerProperties properties) {
		return new EmbeddedBroker(properties.folder(), Ports.freeOr(properties.port()));
	}

}
