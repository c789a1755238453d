package example.shop;

import java.util.stream.Stream;

import dev.outbox.EventType;
import example.shop.coupon.CouponEvents;
import example.shop.order.event.OrderEvents;
import example.shop.payment.event.PaymentEvents;
import org.apache.kafka.clients.admin.NewTopic;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.config.TopicBuilder;
import org.springframework.kafka.core.KafkaAdmin.NewTopics;

/**
 * Creates the topics of all events, each with a dead-letter topic beside it.
 */
@Configuration(proxyBeanMethods = false)
class ShopTopics {

	private static final int PARTITIONS = 3;

	@Bean
	NewTopics eventTopics() {
		return new NewTopics(types().flatMap((type) -> Stream.of(topic(type.topic()), topic(type.topic() + "-dlt")))
			.toArray(NewTopic[]::new));
	}

	private static Stream<EventType> types() {
		return Stream.of(OrderEvents.values(), PaymentEvents.values(), CouponEvents.values()).flatMap(Stream::of);
	}

	private static NewTopic topic(String name) {
		return TopicBuilder.name(name).partitions(PARTITIONS).build();
	}

}
