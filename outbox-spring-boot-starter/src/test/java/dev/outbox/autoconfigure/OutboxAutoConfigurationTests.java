package dev.outbox.autoconfigure;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

import javax.sql.DataSource;

import dev.outbox.OutboxEventPublisher;
import dev.outbox.OutboxException;
import dev.outbox.OutboxMonitor;
import dev.outbox.OutboxOperations;
import dev.outbox.confirm.ClearingQueue;
import dev.outbox.dispatch.DispatchSettings;
import dev.outbox.dispatch.Dispatcher;
import dev.outbox.dispatch.PoisonPolicy;
import dev.outbox.dispatch.PoisonRules;
import dev.outbox.dispatch.SendChannel;
import dev.outbox.health.InstanceHealth;
import dev.outbox.jdbc.OutboxJdbc;
import dev.outbox.jdbc.SqlDialect;
import dev.outbox.json.JsonEnvelope;
import dev.outbox.kafka.DeadLetterRules;
import dev.outbox.kafka.RecordHeaders;
import dev.outbox.publish.EventSerializer;
import dev.outbox.publish.EventTypes;
import dev.outbox.publish.OutboxTransactions;
import dev.outbox.relay.ReadBack;
import dev.outbox.relay.Relay;
import dev.outbox.relay.RelayLock;
import dev.outbox.relay.RelaySettings;
import dev.outbox.store.OutboxStore;
import dev.outbox.store.RelayStore;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.Mockito.mock;

/**
 * The beans of the outbox: when they are there, and how they are replaced.
 */
class OutboxAutoConfigurationTests {

	private static final Class<?>[] BEANS = { OutboxIdentity.class, EventTypes.class, OutboxJdbc.class,
			OutboxStore.class, RelayStore.class, RelayLock.class, OutboxMonitor.class, OutboxOperations.class,
			InstanceHealth.class, EventSerializer.class, JsonEnvelope.class, OutboxTransactions.class,
			OutboxEventPublisher.class, RecordHeaders.class, SendChannel.Factory.class, ClearingQueue.class,
			Dispatcher.class, ReadBack.class, Relay.class, DeadLetterRules.class, OutboxLifecycle.class,
			OutboxSchema.class, OutboxDatabase.class };

	private final ApplicationContextRunner runner = OutboxContexts.withOutbox();

	@Test
	void everythingIsThere() {
		this.runner.run((context) -> {
			for (Class<?> type : BEANS) {
				assertThat(context).hasSingleBean(type);
			}
		});
	}

	@Test
	void nothingIsThereWithoutADataSource() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(OutboxContexts.autoConfigurations().toArray(Class<?>[]::new)))
			.withConfiguration(AutoConfigurations.of(KafkaAutoConfiguration.class))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				for (Class<?> type : BEANS) {
					assertThat(context).doesNotHaveBean(type);
				}
			});
	}

	static Stream<Arguments> replacements() {
		DataSource dataSource = database();
		OutboxStore store = mock(OutboxStore.class);
		Dispatcher dispatcher = dispatcher(store);
		return Stream.of(replacement(OutboxIdentity.class, new OutboxIdentity("shop", "shop-1")),
				replacement(EventTypes.class, new EventTypes(List.of())),
				replacement(OutboxDatabase.class,
						new OutboxDatabase(dataSource, new OutboxProperties.Schema(true, null, ""))),
				replacement(OutboxJdbc.class, new OutboxJdbc(dataSource, SqlDialect.H2, "shop-1")),
				replacement(OutboxStore.class, store), replacement(RelayStore.class, mock(RelayStore.class)),
				replacement(RelayLock.class, mock(RelayLock.class)),
				replacement(OutboxMonitor.class, mock(OutboxMonitor.class)),
				replacement(InstanceHealth.class, new InstanceHealth(Duration.ofMinutes(20), System::nanoTime)),
				replacement(OutboxOperations.class, mock(OutboxOperations.class)),
				replacement(JsonEnvelope.class, new JsonEnvelope(new JsonMapper())),
				replacement(OutboxTransactions.class, new OutboxTransactions(() -> dataSource, () -> store, () -> {
				}, () -> (events) -> {
				})), replacement(OutboxEventPublisher.class, mock(OutboxEventPublisher.class)),
				replacement(RecordHeaders.class, new RecordHeaders("shop")),
				replacement(SendChannel.Factory.class, mock(SendChannel.Factory.class)),
				replacement(ClearingQueue.class, new ClearingQueue(store, System::nanoTime)),
				replacement(DeadLetterRules.class, new DeadLetterRules(PoisonPolicy.PARK, Map.of(), "-dlt")),
				replacement(Dispatcher.class, dispatcher),
				replacement(ReadBack.class, ReadBack.ofAcknowledgements(() -> Duration.ZERO)),
				replacement(Relay.class, relay(dispatcher)));
	}

	@ParameterizedTest
	@MethodSource
	<T> void replacements(Class<T> type, T users) {
		this.runner.withBean("users", type, () -> users)
			.run((context) -> assertThat(context).hasSingleBean(type).getBean(type).isSameAs(users));
	}

	@Test
	void serializerIsReplacedForWritingAndTheEnvelopeStaysForReading() {
		EventSerializer users = (eventId, type, payload) -> "{}";
		this.runner.withBean("users", EventSerializer.class, () -> users).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context).hasSingleBean(OutboxEventPublisher.class).hasSingleBean(JsonEnvelope.class);
		});
	}

	@Test
	void missingNameIsRefused() {
		for (String name : List.of("", " ", "n".repeat(201))) {
			this.runner.withPropertyValues("spring.application.name=" + name)
				.run((context) -> assertThat(context).getFailure()
					.rootCause()
					.isInstanceOf(OutboxException.class)
					.hasMessageContainingAll("needs a name of 1 to 200 characters", "spring.application.name",
							"outbox.source"));
		}
	}

	@Test
	void sourceIsTheNameOfTheApplicationUnlessItIsSet() {
		this.runner.run((context) -> assertThat(context.getBean(OutboxIdentity.class).source()).isEqualTo("shop"));
		this.runner.withPropertyValues("spring.application.name=", "outbox.source=orders")
			.run((context) -> assertThat(context.getBean(OutboxIdentity.class).source()).isEqualTo("orders"));
	}

	@Test
	void everyLifeOfAnInstanceHasItsOwnName() {
		Set<String> instances = new HashSet<>();
		for (int i = 0; i < 3; i++) {
			this.runner.run((context) -> instances.add(context.getBean(OutboxIdentity.class).instance()));
		}
		assertThat(instances).hasSize(3).allSatisfy((instance) -> assertThat(instance).startsWith("shop-"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "true", "false" })
	void virtualThreadsMayBeOn(String enabled) {
		this.runner.withPropertyValues("spring.threads.virtual.enabled=" + enabled)
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void largestRequestOfTheProducerLimitsWhatIsPublished() {
		this.runner
			.withPropertyValues("outbox.producer.properties.max.request.size=5000", "outbox.event-types.MADE=purchases")
			.run((context) -> {
				OutboxEventPublisher publisher = context.getBean(OutboxEventPublisher.class);
				publisher.publishManualEvent(context.getBean(EventTypes.class).get("MADE"), "a", "x".repeat(3000));
				assertThatExceptionOfType(OutboxException.class)
					.isThrownBy(() -> publisher.publishManualEvent(context.getBean(EventTypes.class).get("MADE"), "a",
							"x".repeat(5000), Map.of()))
					.withMessageContaining("more than the 5000");
			});
	}

	private static <T> Arguments replacement(Class<T> type, T bean) {
		return Arguments.argumentSet(type.getSimpleName(), type, bean);
	}

	private static Dispatcher dispatcher(OutboxStore store) {
		return new Dispatcher(store, mock(SendChannel.Factory.class), (eventId) -> {
		}, DispatchSettings.of(true, Duration.ofSeconds(10), PoisonRules.park()), System::nanoTime,
				new InstanceHealth(Duration.ofMinutes(20), System::nanoTime));
	}

	private static Relay relay(Dispatcher dispatcher) {
		Duration second = Duration.ofSeconds(1);
		return new Relay(mock(RelayStore.class), mock(RelayLock.class),
				ReadBack.ofAcknowledgements(() -> Duration.ZERO), dispatcher::resend, dispatcher::pause,
				new RelaySettings(second, second, second), System::nanoTime);
	}

	private static JdbcDataSource database() {
		JdbcDataSource dataSource = new JdbcDataSource();
		dataSource.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
		return dataSource;
	}

}
