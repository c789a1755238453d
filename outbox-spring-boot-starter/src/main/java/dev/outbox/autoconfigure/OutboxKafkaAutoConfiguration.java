package dev.outbox.autoconfigure;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Consumer;

import dev.outbox.EventType;
import dev.outbox.OutboxException;
import dev.outbox.autoconfigure.OutboxProperties.Confirmation.Mode;
import dev.outbox.confirm.ClearingQueue;
import dev.outbox.dispatch.DispatchSettings;
import dev.outbox.dispatch.Dispatcher;
import dev.outbox.dispatch.PoisonPolicy;
import dev.outbox.dispatch.SendChannel;
import dev.outbox.health.InstanceHealth;
import dev.outbox.jdbc.JdbcTablesId;
import dev.outbox.jdbc.OutboxJdbc;
import dev.outbox.kafka.ConfirmationContainers;
import dev.outbox.kafka.ConfirmationListener;
import dev.outbox.kafka.DeadLetterRules;
import dev.outbox.kafka.GroupReadBack;
import dev.outbox.kafka.GroupWatch;
import dev.outbox.kafka.KafkaSendChannel;
import dev.outbox.kafka.OutboxClients;
import dev.outbox.kafka.RecordHeaders;
import dev.outbox.kafka.UnreadRecords;
import dev.outbox.publish.EventTypes;
import dev.outbox.relay.ReadBack;
import dev.outbox.relay.Relay;
import dev.outbox.relay.RelayLock;
import dev.outbox.relay.RelaySettings;
import dev.outbox.relay.RelayThread;
import dev.outbox.store.OutboxStore;
import dev.outbox.store.RelayStore;
import org.apache.kafka.clients.producer.KafkaProducer;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.util.function.SingletonSupplier;

/**
 * Auto-configuration of sending, confirming and relaying, unless events are only
 * captured.
 *
 * @since 0.1
 */
@AutoConfiguration(after = { OutboxAutoConfiguration.class, KafkaAutoConfiguration.class })
@Conditional(OnSendingCondition.class)
@ConditionalOnBean(OutboxStore.class)
public final class OutboxKafkaAutoConfiguration {

	private final OutboxProperties properties;

	private final OutboxIdentity identity;

	private final KafkaConnection connection;

	OutboxKafkaAutoConfiguration(OutboxProperties properties, OutboxIdentity identity,
			ObjectProvider<KafkaProperties> kafka, ObjectProvider<KafkaConnectionDetails> details) {
		this.properties = properties;
		this.identity = identity;
		this.connection = KafkaConnection.of(kafka, details);
	}

	@Bean
	@ConditionalOnMissingBean
	RecordHeaders outboxRecordHeaders() {
		return new RecordHeaders(this.identity.source());
	}

	@Bean
	@ConditionalOnMissingBean
	SendChannel.Factory outboxSendChannels(RecordHeaders headers) {
		Map<String, Object> settings = OutboxClients.producer(this.connection.producer(),
				this.properties.producer().properties(), this.identity.instance(),
				this.properties.relay().staleAfter());
		return () -> new KafkaSendChannel(new KafkaProducer<>(settings), headers);
	}

	@Bean
	@ConditionalOnMissingBean
	ClearingQueue outboxClearingQueue(OutboxStore store) {
		return new ClearingQueue(store, System::nanoTime);
	}

	@Bean
	@ConditionalOnMissingBean
	DeadLetterRules outboxPoisonRules(EventTypes types) {
		// What is not declared is misspelt.
		this.properties.poison().keySet().forEach(types::get);
		DeadLetterRules rules = new DeadLetterRules(this.properties.poisonDefault(), this.properties.poison(),
				this.properties.deadLetter().suffix());
		for (String topic : topics(types, rules)) {
			if (!EventTypes.isLegalTopic(topic)) {
				throw new OutboxException("The dead-letter topic '%s' is not legal in Kafka: use ".formatted(topic)
						+ "1 to 249 letters, digits, dots, underscores and hyphens. Change outbox.dead-letter.suffix or "
						+ "the topic, or choose another policy by outbox.poison");
			}
		}
		return rules;
	}

	@Bean
	@ConditionalOnMissingBean
	Dispatcher outboxDispatcher(OutboxStore store, SendChannel.Factory channels, ClearingQueue clearing,
			DeadLetterRules poison, InstanceHealth health) {
		boolean ordered = this.properties.ordering() == OutboxProperties.Ordering.KEY;
		Consumer<UUID> acknowledged = readsBack() ? (eventId) -> {
		} : clearing::add;
		return new Dispatcher(store, channels, acknowledged,
				DispatchSettings.of(ordered, this.properties.relay().staleAfter(), poison), System::nanoTime, health);
	}

	@Bean
	@ConditionalOnMissingBean
	GroupWatch outboxGroupWatch(OutboxJdbc jdbc, InstanceHealth health) {
		return new GroupWatch(admin(), groupId(), SingletonSupplier.of(new JdbcTablesId(jdbc)::get), health,
				System::nanoTime);
	}

	@Bean
	@ConditionalOnMissingBean(ReadBack.class)
	ReadBack outboxReadBack(EventTypes types, ClearingQueue clearing, DeadLetterRules poison, OutboxStore store,
			RecordHeaders headers, GroupWatch group, InstanceHealth health) {
		if (!readsBack()) {
			return ReadBack.ofAcknowledgements(clearing::lag);
		}
		UnreadRecords unread = new UnreadRecords(consumer(this.identity.instance() + "-relay"),
				new ConfirmationListener(headers, store::clear, health), this.properties.confirmation().startAt());
		return new GroupReadBack(admin(), groupId(), group::isLeft, topics(types, poison), System::nanoTime, health,
				unread);
	}

	@Bean
	@ConditionalOnMissingBean
	Relay outboxRelay(RelayStore store, RelayLock lock, ReadBack readBack, Dispatcher dispatcher) {
		OutboxProperties.Relay relay = this.properties.relay();
		return new Relay(store, lock, readBack, dispatcher::resend, dispatcher::pause,
				new RelaySettings(relay.interval(), relay.staleAfter(), relay.longestBackOff()), System::nanoTime);
	}

	@Bean
	OutboxLifecycle outboxLifecycle(Dispatcher dispatcher, ClearingQueue clearing, Relay relay, EventTypes types,
			OutboxStore store, GroupWatch group, RecordHeaders headers, DeadLetterRules poison, InstanceHealth health) {
		ReadingBack readingBack = null;
		Set<String> topics = topics(types, poison);
		if (readsBack() && !topics.isEmpty()) {
			OutboxProperties.Confirmation settings = this.properties.confirmation();
			readingBack = new ReadingBack(ConfirmationContainers.create(
					new ConfirmationListener(headers, store::clear, health), topics, group, settings.concurrency(),
					settings.startAt(), consumer(this.identity.instance()), health), group, settings.checkGroup());
		}
		return new OutboxLifecycle(dispatcher, clearing, readingBack,
				new RelayThread(relay, this.properties.relay().interval()), this.properties.shutdownGrace());
	}

	// Those to which events of this application go, dead letters included.
	private static Set<String> topics(EventTypes types, DeadLetterRules poison) {
		Set<String> topics = new TreeSet<>(types.topics());
		for (EventType type : types.all()) {
			if (poison.policy(type.name()) == PoisonPolicy.DEAD_LETTER) {
				topics.add(poison.deadLetterTopic(type.topic()));
			}
		}
		return topics;
	}

	private Map<String, Object> admin() {
		return OutboxClients.admin(this.connection.admin(), this.identity.instance());
	}

	private Map<String, Object> consumer(String clientId) {
		return OutboxClients.consumer(this.connection.consumer(), this.properties.confirmation().properties(),
				clientId);
	}

	private boolean readsBack() {
		return this.properties.confirmation().mode() == Mode.CONSUMER;
	}

	private String groupId() {
		String groupId = this.properties.confirmation().groupId();
		return (groupId != null) ? groupId : this.identity.source() + "-outbox";
	}

}
