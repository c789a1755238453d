package dev.outbox.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.outbox.OutboxException;
import dev.outbox.confirm.ClearingQueue;
import dev.outbox.dispatch.Dispatcher;
import dev.outbox.dispatch.SendChannel;
import dev.outbox.kafka.GroupReadBack;
import dev.outbox.relay.ReadBack;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ContextConsumer;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Sending and confirming: how the clients connect, and what may not be overridden.
 */
class OutboxKafkaAutoConfigurationTests {

	private final ApplicationContextRunner runner = OutboxContexts.withOutbox();

	@Test
	void missingKafkaIsRefused() {
		OutboxContexts
			.withOutbox(new ApplicationContextRunner()
				.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class)))
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(OutboxException.class)
				.hasMessageContainingAll("The outbox needs Kafka", "KafkaAutoConfiguration",
						"spring.kafka.bootstrap-servers", "KafkaConnectionDetails"));
	}

	@Test
	void channelIsOpenedWhenTheApplicationIsReadyBeforeThereIsAnythingToSend() {
		CountDownLatch opened = new CountDownLatch(1);
		SendChannel.Factory channels = () -> {
			opened.countDown();
			return mock(SendChannel.class);
		};
		this.runner.withBean(SendChannel.Factory.class, () -> channels).run((context) -> {
			Dispatcher dispatcher = context.getBean(Dispatcher.class);
			dispatcher.start();
			try {
				assertThat(opened.await(100, TimeUnit.MILLISECONDS)).as("before").isFalse();
				context.publishEvent(new ApplicationReadyEvent(new SpringApplication(), new String[0],
						context.getSourceApplicationContext(ConfigurableApplicationContext.class), Duration.ZERO));
				assertThat(opened.await(10, TimeUnit.SECONDS)).as("after").isTrue();
			}
			finally {
				dispatcher.stop(Duration.ZERO);
			}
		});
	}

	private static KafkaConnection connection(AssertableApplicationContext context) {
		return KafkaConnection.of(context.getBeanProvider(KafkaProperties.class),
				context.getBeanProvider(KafkaConnectionDetails.class));
	}

	private static ContextConsumer<AssertableApplicationContext> isRefused(String... parts) {
		return (context) -> assertThat(context).getFailure()
			.rootCause()
			.isInstanceOf(OutboxException.class)
			.hasMessageContainingAll(parts);
	}

	@Nested
	class Producer {

		@ParameterizedTest
		@CsvSource({ "acks,1", "acks,0", "enable.idempotence,false", "retries,0", "retries,10",
				"delivery.timeout.ms,120000", "max.in.flight.requests.per.connection,6", "transactional.id,mine",
				"key.serializer,org.apache.kafka.common.serialization.StringSerializer",
				"value.serializer,org.apache.kafka.common.serialization.StringSerializer" })
		void unsafeOverrideIsRefusedWithTheNameOfTheProperty(String name, String value) {
			OutboxKafkaAutoConfigurationTests.this.runner
				.withPropertyValues("outbox.producer.properties." + name + "=" + value)
				.run(isRefused("outbox.producer.properties", name, "Remove"));
		}

		@ParameterizedTest
		@ValueSource(strings = { "acks=all", "acks=-1", "enable.idempotence=true", "retries=2147483647",
				"max.in.flight.requests.per.connection=5", "max.in.flight.requests.per.connection=1", "linger.ms=5",
				"compression.type=lz4", "max.block.ms=1000", "batch.size=65536", "buffer.memory=1000000" })
		void safeOverrideIsAccepted(String property) {
			OutboxKafkaAutoConfigurationTests.this.runner.withPropertyValues("outbox.producer.properties." + property)
				.run((context) -> assertThat(context).hasNotFailed());
		}

		@ParameterizedTest
		@CsvSource({ "linger.ms=10001,10s", "max.block.ms=60000,10s", "retry.backoff.ms=11000,10s",
				"retry.backoff.max.ms=11000,10s", "request.timeout.ms=30001,10s", "request.timeout.ms=60001,1m",
				"linger.ms=0,499ms" })
		void producerThatMayStillBeSendingWhatIsStaleIsRefused(String property, String staleAfter) {
			OutboxKafkaAutoConfigurationTests.this.runner
				.withPropertyValues("outbox.producer.properties." + property, "outbox.relay.stale-after=" + staleAfter)
				.run(isRefused("may still be sending", "outbox.producer.properties.", ".ms smaller",
						"outbox.relay.stale-after larger"));
		}

		@ParameterizedTest
		@CsvSource({ "linger.ms=10000,10s", "max.block.ms=60000,1m", "retry.backoff.max.ms=9000,10s",
				"request.timeout.ms=30000,1s", "request.timeout.ms=60000,1m", "linger.ms=0,500ms" })
		void producerThatIsDoneBeforeAnythingIsStaleIsAccepted(String property, String staleAfter) {
			OutboxKafkaAutoConfigurationTests.this.runner
				.withPropertyValues("outbox.producer.properties." + property, "outbox.relay.stale-after=" + staleAfter)
				.run((context) -> assertThat(context).hasNotFailed());
		}

		@Test
		void settingsOfTheApplicationsOwnProducerAreItsOwn() {
			OutboxKafkaAutoConfigurationTests.this.runner
				.withPropertyValues("spring.kafka.producer.acks=1", "spring.kafka.producer.retries=0",
						"spring.kafka.producer.batch-size=1", "spring.kafka.producer.transaction-id-prefix=mine",
						"spring.kafka.client-id=mine", "spring.kafka.producer.properties.enable.idempotence=false",
						"spring.kafka.consumer.group-id=mine", "spring.kafka.consumer.auto-offset-reset=latest")
				.run((context) -> {
					assertThat(context).hasNotFailed();
					assertThat(connection(context).producer()).containsOnlyKeys("bootstrap.servers");
					assertThat(connection(context).consumer()).containsOnlyKeys("bootstrap.servers");
					assertThat(connection(context).admin()).containsOnlyKeys("bootstrap.servers");
				});
		}

	}

	@Nested
	class Confirmation {

		@ParameterizedTest
		@CsvSource({ "auto.offset.reset,latest", "enable.auto.commit,true",
				"key.deserializer,org.apache.kafka.common.serialization.StringDeserializer" })
		void unsafeOverrideIsRefusedWithTheNameOfTheProperty(String name, String value) {
			OutboxKafkaAutoConfigurationTests.this.runner
				.withPropertyValues("outbox.confirmation.properties." + name + "=" + value,
						"outbox.event-types.CREATED=orders")
				.run(isRefused("outbox.confirmation.properties." + name + "=" + value, "Remove it"));
		}

		@Test
		void consumersReadBackByDefault() {
			OutboxKafkaAutoConfigurationTests.this.runner
				.run((context) -> assertThat(context).getBean(ReadBack.class).isInstanceOf(GroupReadBack.class));
		}

		@Test
		void theRelayWaitsForTheClearingInModeAck() {
			ClearingQueue clearing = mock(ClearingQueue.class);
			given(clearing.lag()).willReturn(Duration.ofSeconds(7));
			OutboxKafkaAutoConfigurationTests.this.runner.withPropertyValues("outbox.confirmation.mode=ack")
				.withBean(ClearingQueue.class, () -> clearing)
				.run((context) -> assertThat(context.getBean(ReadBack.class).lag("any")).hasSeconds(7));
		}

	}

	@Nested
	class Connection {

		@Test
		void securityOfTheApplicationIsTakenOver() {
			OutboxKafkaAutoConfigurationTests.this.runner.withPropertyValues("spring.kafka.security.protocol=SASL_SSL",
					"spring.kafka.properties.sasl.mechanism=PLAIN", "spring.kafka.properties.sasl.jaas.config=secret",
					"spring.kafka.ssl.protocol=TLSv1.3", "spring.kafka.properties.reconnect.backoff.max.ms=500",
					"spring.kafka.producer.properties.sasl.login.class=forProducers")
				.run((context) -> {
					for (Map<String, Object> settings : List.of(connection(context).producer(),
							connection(context).consumer(), connection(context).admin())) {
						assertThat(settings).containsEntry("security.protocol", "SASL_SSL")
							.containsEntry("sasl.mechanism", "PLAIN")
							.containsEntry("sasl.jaas.config", "secret")
							.containsEntry("ssl.protocol", "TLSv1.3")
							.containsEntry("reconnect.backoff.max.ms", "500");
					}
					assertThat(connection(context).producer()).containsEntry("sasl.login.class", "forProducers");
					assertThat(connection(context).consumer()).doesNotContainKey("sasl.login.class");
				});
		}

		@Test
		void connectionDetailsComeBeforeProperties() {
			KafkaConnectionDetails details = new KafkaConnectionDetails() {

				@Override
				public List<String> getBootstrapServers() {
					return List.of("elsewhere:9092");
				}

				@Override
				public String getSecurityProtocol() {
					return "SSL";
				}

			};
			OutboxKafkaAutoConfigurationTests.this.runner
				.withBean("details", KafkaConnectionDetails.class, () -> details)
				.run((context) -> assertThat(connection(context).producer())
					.containsEntry(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, List.of("elsewhere:9092"))
					.containsEntry(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, "SSL"));
		}

		@Test
		void connectionDetailsAreEnough() {
			OutboxContexts
				.withOutbox(new ApplicationContextRunner()
					.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class))
					.withPropertyValues("outbox.confirmation.mode=ack"))
				.withBean(KafkaConnectionDetails.class, () -> () -> List.of("elsewhere:9092"))
				.run((context) -> assertThat(context).hasSingleBean(SendChannel.Factory.class));
		}

		private KafkaConnection connection(AssertableApplicationContext context) {
			return OutboxKafkaAutoConfigurationTests.connection(context);
		}

	}

}
