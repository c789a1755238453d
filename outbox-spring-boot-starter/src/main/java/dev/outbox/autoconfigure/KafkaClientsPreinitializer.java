package dev.outbox.autoconfigure;

import java.lang.management.ManagementFactory;
import java.util.List;

import org.apache.kafka.clients.NetworkClient;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.KafkaAdminClient;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.network.Selector;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;

import org.springframework.boot.autoconfigure.preinitialize.BackgroundPreinitializer;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.kafka.listener.DefaultErrorHandler;

/**
 * Loads the classes of Kafka's clients in the background while the application starts: to
 * create a client takes a tenth of a second, and nearly all of it goes into a thousand
 * classes, most of them messages of the protocol.
 */
class KafkaClientsPreinitializer implements BackgroundPreinitializer {

	// Only here, and not by the class: its instance is made in the foreground.
	@Override
	public void preinitialize() throws ClassNotFoundException {
		for (Class<?> type : List.of(ApiKeys.class, Errors.class, AbstractRequest.class, AbstractResponse.class,
				ConsumerConfig.class, AdminClientConfig.class, ProducerConfig.class, KafkaConsumer.class,
				KafkaAdminClient.class, KafkaProducer.class, NetworkClient.class, Selector.class,
				ConcurrentMessageListenerContainer.class, DefaultErrorHandler.class)) {
			Class.forName(type.getName(), true, type.getClassLoader());
		}
		// A client registers its metrics there.
		ManagementFactory.getPlatformMBeanServer();
	}

}
