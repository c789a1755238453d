package dev.outbox.autoconfigure.publish;

import java.util.List;
import java.util.Map;
import java.util.UUID;

import dev.outbox.OutboxEventPublisher;
import dev.outbox.OutboxMonitor;
import dev.outbox.autoconfigure.OutboxAutoConfiguration;
import dev.outbox.autoconfigure.OutboxKafkaAutoConfiguration;
import dev.outbox.autoconfigure.OutboxSchemaAutoConfiguration;
import dev.outbox.dispatch.SendChannel;
import dev.outbox.store.OutboxRecord;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.annotation.Transactional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * From the call to Kafka and back, as it is auto-configured: only Kafka itself is a fake.
 */
@SpringBootTest(classes = SendingTests.Application.class, webEnvironment = SpringBootTest.WebEnvironment.NONE,
		properties = { "spring.application.name=sending", "spring.jpa.hibernate.ddl-auto=create",
				"outbox.confirmation.mode=ack", "spring.kafka.bootstrap-servers=localhost:1" })
class SendingTests {

	@Autowired
	private Service service;

	@Autowired
	private RecordingChannel kafka;

	@Autowired
	private OutboxMonitor monitor;

	@Test
	void whatIsCommittedIsSentAndClearedAndNothingElse() {
		UUID eventId = this.service.buy("a", Map.of("h", "v"));
		assertThatIllegalStateException().isThrownBy(() -> this.service.fail("b"));
		this.service.buy("c", Map.of());
		this.service.buy("a", Map.of());
		await().until(() -> this.kafka.sent().size() >= 3);
		await().until(() -> this.monitor.status().pending() == 0);
		assertThat(this.kafka.keys()).containsExactlyInAnyOrder("a", "c", "a");
		assertThat(this.kafka.sent().stream().filter((event) -> event.partitionKey().equals("a")).findFirst())
			.contains(new OutboxRecord(eventId, "MADE", "purchases", "a",
					"{\"eventId\":\"" + eventId + "\",\"eventType\":\"MADE\",\"payload\":{\"item\":\"a\"}}",
					Map.of("h", "v")));
	}

	@Test
	void eventsOfAKeyAreSentInTheOrderOfTheirTransactions() {
		List<String> items = List.of("1", "2", "3", "4", "5", "6", "7", "8", "9");
		items.forEach((item) -> this.service.buyFor("customer", item));
		await().until(() -> this.kafka.keys().stream().filter("customer"::equals).count() == items.size());
		assertThat(this.kafka.sent().stream().filter((event) -> event.partitionKey().equals("customer")))
			.extracting((event) -> event.payload().replaceAll(".*\"item\":\"(.*?)\".*", "$1"))
			.containsExactlyElementsOf(items);
	}

	@Transactional
	static class Service {

		private final OutboxEventPublisher publisher;

		Service(OutboxEventPublisher publisher) {
			this.publisher = publisher;
		}

		UUID buy(String item, Map<String, String> headers) {
			return this.publisher.publishEvent(PurchaseEvents.MADE, item, new Purchase(item), headers);
		}

		void buyFor(String customer, String item) {
			this.publisher.publishEvent(PurchaseEvents.MADE, customer, new Purchase(item));
		}

		void fail(String item) {
			buy(item, Map.of());
			throw new IllegalStateException("The application fails");
		}

	}

	@Configuration(proxyBeanMethods = false)
	@AutoConfigurationPackage
	@ImportAutoConfiguration({ HibernateJpaAutoConfiguration.class, TransactionAutoConfiguration.class,
			JdbcTemplateAutoConfiguration.class, JacksonAutoConfiguration.class, KafkaAutoConfiguration.class,
			OutboxSchemaAutoConfiguration.class, OutboxAutoConfiguration.class, OutboxKafkaAutoConfiguration.class })
	static class Application {

		@Bean
		ObservedDataSource dataSource() {
			return new ObservedDataSource("the outbox's database");
		}

		@Bean
		RecordingChannel kafka() {
			return new RecordingChannel();
		}

		@Bean
		SendChannel.Factory channels(RecordingChannel kafka) {
			return () -> kafka;
		}

		@Bean
		Service service(OutboxEventPublisher publisher) {
			return new Service(publisher);
		}

	}

}
