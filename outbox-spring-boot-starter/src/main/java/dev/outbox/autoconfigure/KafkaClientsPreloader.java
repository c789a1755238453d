package dev.outbox.autoconfigure;

import java.lang.management.ManagementFactory;
import java.util.List;

import org.apache.kafka.clients.NetworkClient;
import org.apache.kafka.clients.admin.KafkaAdminClient;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.network.Selector;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.logging.LoggingApplicationListener;
import org.springframework.context.ApplicationListener;
import org.springframework.core.NativeDetector;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.kafka.listener.DefaultErrorHandler;

/**
 * Loads the classes of Kafka's clients in the background while the application starts.
 * There are a thousand of them, most of them messages of the protocol, and to load them
 * takes most of the time in which the first client is created. Where that comes after the
 * start, which is so unless events are read back, nothing is loaded.
 */
class KafkaClientsPreloader implements ApplicationListener<ApplicationEnvironmentPreparedEvent>, Ordered {

	private static final Logger logger = LoggerFactory.getLogger(KafkaClientsPreloader.class);

	@Override
	public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
		if (isConsuming(event.getEnvironment()) && Runtime.getRuntime().availableProcessors() > 1
				&& !NativeDetector.inNativeImage()) {
			Thread thread = new Thread(this::tryLoad, "outbox-preload");
			thread.setDaemon(true);
			thread.start();
		}
	}

	// The properties are bound later; what cannot be bound is complained about then.
	private static boolean isConsuming(Environment environment) {
		return environment.getProperty("outbox.capture-only", "false").equalsIgnoreCase("false")
				&& environment.getProperty("outbox.confirmation.mode", "consumer").equalsIgnoreCase("consumer");
	}

	private void tryLoad() {
		try {
			load();
		}
		catch (ClassNotFoundException | LinkageError ex) {
			logger.debug("Kafka's clients cannot be loaded", ex);
		}
	}

	// When the base classes of the requests and responses are verified, these are loaded.
	// The clients' settings are left out: they ask for the algorithms of TLS, which the
	// application may yet choose.
	void load() throws ClassNotFoundException {
		for (Class<?> type : List.of(ApiKeys.class, Errors.class, AbstractRequest.class, AbstractResponse.class,
				KafkaConsumer.class, KafkaAdminClient.class, KafkaProducer.class, NetworkClient.class, Selector.class,
				ConcurrentMessageListenerContainer.class, DefaultErrorHandler.class)) {
			Class.forName(type.getName(), true, type.getClassLoader());
		}
		// A client registers its metrics there.
		ManagementFactory.getPlatformMBeanServer();
	}

	// Behind those that read the application's properties and set up its logging.
	@Override
	public int getOrder() {
		return LoggingApplicationListener.DEFAULT_ORDER + 1;
	}

}
