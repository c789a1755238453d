package dev.outbox.autoconfigure;

import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.outbox.EventType;
import dev.outbox.OutboxEventPublisher;
import dev.outbox.OutboxMonitor;
import dev.outbox.OutboxOperations;
import dev.outbox.dispatch.Dispatcher;
import dev.outbox.health.InstanceHealth;
import dev.outbox.jdbc.JdbcOutboxMonitor;
import dev.outbox.jdbc.JdbcOutboxOperations;
import dev.outbox.jdbc.JdbcOutboxStore;
import dev.outbox.jdbc.JdbcRelayLock;
import dev.outbox.jdbc.JdbcRelayStore;
import dev.outbox.jdbc.OutboxJdbc;
import dev.outbox.jpa.PersistenceContextFlush;
import dev.outbox.json.JsonEnvelope;
import dev.outbox.kafka.RecordHeaders;
import dev.outbox.publish.ContextHeaders;
import dev.outbox.publish.EventLimits;
import dev.outbox.publish.EventSerializer;
import dev.outbox.publish.EventTypeScanner;
import dev.outbox.publish.EventTypes;
import dev.outbox.publish.OutboxTransactions;
import dev.outbox.publish.TransactionalOutboxEventPublisher;
import dev.outbox.relay.RelayLock;
import dev.outbox.store.OutboxStore;
import dev.outbox.store.RelayStore;
import org.apache.kafka.clients.producer.ProducerConfig;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurationPackages;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Fallback;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.util.ClassUtils;
import org.springframework.util.function.SingletonSupplier;

/**
 * Auto-configuration of publishing and of the storage.
 *
 * @since 0.1
 */
@AutoConfiguration(after = { OutboxSchemaAutoConfiguration.class, JacksonAutoConfiguration.class })
@Conditional(OnDataSourceCondition.class)
@EnableConfigurationProperties(OutboxProperties.class)
public final class OutboxAutoConfiguration {

	private static final String JPA = "org.springframework.orm.jpa.EntityManagerHolder";

	private static final String DEFAULT_REQUEST_SIZE = "1048576";

	@Bean
	@ConditionalOnMissingBean
	OutboxIdentity outboxIdentity(OutboxProperties properties, Environment environment) {
		return OutboxIdentity.of(properties, environment);
	}

	@Bean
	@ConditionalOnMissingBean
	EventTypes outboxEventTypes(OutboxProperties properties, BeanFactory beanFactory, Environment environment,
			ResourceLoader resources, ObjectProvider<EventType> beans) {
		Set<String> packages = new LinkedHashSet<>(properties.eventTypePackages());
		if (AutoConfigurationPackages.has(beanFactory)) {
			packages.addAll(AutoConfigurationPackages.get(beanFactory));
		}
		List<EventType> types = new ArrayList<>(new EventTypeScanner(environment, resources).scan(packages));
		beans.orderedStream().forEach(types::add);
		for (Map.Entry<String, String> type : properties.eventTypes().entrySet()) {
			types.add(new DeclaredEventType(type.getKey(), type.getValue()));
		}
		return new EventTypes(types);
	}

	@Bean
	@ConditionalOnMissingBean
	OutboxJdbc outboxJdbc(OutboxDatabase database, OutboxIdentity identity, OutboxSchema schema) {
		return new OutboxJdbc(database.dataSource(), database.dialect(), database.tables(), identity.instance());
	}

	@Bean
	@ConditionalOnMissingBean(OutboxStore.class)
	JdbcOutboxStore outboxStore(OutboxJdbc jdbc, OutboxProperties properties) {
		boolean sending = !properties.captureOnly();
		return new JdbcOutboxStore(jdbc, sending && properties.ordering() == OutboxProperties.Ordering.KEY);
	}

	@Bean
	@ConditionalOnMissingBean(RelayStore.class)
	JdbcRelayStore outboxRelayStore(OutboxJdbc jdbc) {
		return new JdbcRelayStore(jdbc);
	}

	@Bean
	@ConditionalOnMissingBean(RelayLock.class)
	JdbcRelayLock outboxRelayLock(OutboxJdbc jdbc) {
		return new JdbcRelayLock(jdbc);
	}

	@Bean
	@ConditionalOnMissingBean(OutboxMonitor.class)
	JdbcOutboxMonitor outboxMonitor(OutboxJdbc jdbc, InstanceHealth health) {
		return new JdbcOutboxMonitor(jdbc, health);
	}

	// Events that wait are tried again within the longest back-off.
	@Bean
	@ConditionalOnMissingBean
	InstanceHealth outboxInstanceHealth(OutboxProperties properties) {
		return new InstanceHealth(properties.relay().longestBackOff().multipliedBy(2), System::nanoTime);
	}

	@Bean
	@ConditionalOnMissingBean(OutboxOperations.class)
	JdbcOutboxOperations outboxOperations(OutboxJdbc jdbc) {
		return new JdbcOutboxOperations(jdbc);
	}

	@Bean
	@Fallback
	@ConditionalOnMissingBean
	JsonEnvelope outboxEnvelope(ObjectProvider<JsonMapper> mapper) {
		return new JsonEnvelope(mapper.getIfAvailable(JsonMapper::new));
	}

	@Bean
	static TransactionManagerFollower outboxTransactionManagerFollower(
			ObjectProvider<OutboxTransactions> transactions) {
		return new TransactionManagerFollower(transactions);
	}

	@Bean
	@ConditionalOnMissingBean
	OutboxTransactions outboxTransactions(OutboxProperties properties, ObjectProvider<OutboxDatabase> database,
			ObjectProvider<OutboxStore> store, ObjectProvider<Dispatcher> dispatcher) {
		Runnable flush = ClassUtils.isPresent(JPA, getClass().getClassLoader()) ? new PersistenceContextFlush()
				: () -> {
				};
		return new OutboxTransactions(SingletonSupplier.of(() -> database.getObject().dataSource()),
				SingletonSupplier.of(store::getObject), flush,
				SingletonSupplier.of(() -> properties.captureOnly() ? (events) -> {
				} : dispatcher.getObject()));
	}

	@Bean
	@ConditionalOnMissingBean(OutboxEventPublisher.class)
	TransactionalOutboxEventPublisher outboxEventPublisher(EventTypes types, OutboxProperties properties,
			ObjectProvider<EventSerializer> serializer, ObjectProvider<ContextHeaders> context,
			OutboxTransactions transactions,
			@OutboxTransactionManager ObjectProvider<PlatformTransactionManager> markedManagers,
			ObjectProvider<PlatformTransactionManager> managers, OutboxDatabase database,
			ApplicationEventPublisher observers) {
		int requestSize = Integer.parseInt(properties.producer()
			.properties()
			.getOrDefault(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, DEFAULT_REQUEST_SIZE));
		return new TransactionalOutboxEventPublisher(types, new EventLimits(RecordHeaders.RESERVED, requestSize),
				serializer.getObject(), ContextHeaders.of(context.orderedStream().toList()), transactions,
				SingletonSupplier.of(() -> ManualTransactions.of(markedManagers, managers, database.dataSource())),
				observers, Clock.systemUTC());
	}

	private record DeclaredEventType(String name, String topic) implements EventType {

	}

}
