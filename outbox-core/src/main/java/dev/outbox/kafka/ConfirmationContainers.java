package dev.outbox.kafka;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

import dev.outbox.health.InstanceHealth;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;

import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.ContainerProperties.AckMode;
import org.springframework.kafka.listener.ContainerProperties.AssignmentCommitOption;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.util.backoff.ExponentialBackOff;

/**
 * Makes the container in which the outbox's consumer group runs.
 *
 * @since 0.1
 */
public final class ConfirmationContainers {

	// So that under load one statement clears many events, and offsets are committed
	// seldom. What comes after a rest is read at once.
	private static final Duration APART = Duration.ofMillis(25);

	private static final Duration FIRST_PAUSE = Duration.ofMillis(200);

	private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

	private ConfirmationContainers() {
	}

	/**
	 * Make a container.
	 * @param listener what reads the records
	 * @param topics the topics to read
	 * @param group watches over the consumer group
	 * @param concurrency how many consumers this instance runs
	 * @param startAt how far back to start without a committed offset
	 * @param properties the settings of the consumers
	 * @param health is told of trouble
	 * @return the container, not started
	 */
	public static ConcurrentMessageListenerContainer<Object, Object> create(ConfirmationListener listener,
			Collection<String> topics, GroupWatch group, int concurrency, Duration startAt,
			Map<String, Object> properties, InstanceHealth health) {
		ContainerProperties container = new ContainerProperties(topics.toArray(String[]::new));
		container.setGroupId(group.group());
		container.setMessageListener(listener);
		container.setAckMode(AckMode.BATCH);
		container.setIdleBetweenPolls(APART.toMillis());
		container.setAssignmentCommitOption(AssignmentCommitOption.NEVER);
		container
			.setConsumerRebalanceListener(new RecentStart(startAt, InstantSource.system(), group::membersHaveChanged));
		container.setMissingTopicsFatal(false);
		container.setAuthExceptionRetryInterval(FIRST_PAUSE);
		ConcurrentMessageListenerContainer<Object, Object> containers = new ConcurrentMessageListenerContainer<>(
				new ConfirmingConsumers(properties, group, health), container);
		containers.setBeanName("outbox-confirmation");
		containers.setConcurrency(concurrency);
		containers.setCommonErrorHandler(new DefaultErrorHandler(retryForEver()));
		return containers;
	}

	// While the database is away, the batch is read again and no offset is committed.
	private static ExponentialBackOff retryForEver() {
		ExponentialBackOff backOff = new ExponentialBackOff();
		backOff.setInitialInterval(FIRST_PAUSE.toMillis());
		backOff.setMaxInterval(LONGEST_PAUSE.toMillis());
		backOff.setMaxElapsedTime(Long.MAX_VALUE);
		return backOff;
	}

	private static final class ConfirmingConsumers extends DefaultKafkaConsumerFactory<Object, Object> {

		private final GroupWatch group;

		private final InstanceHealth health;

		ConfirmingConsumers(Map<String, Object> properties, GroupWatch group, InstanceHealth health) {
			super(properties);
			this.group = group;
			this.health = health;
		}

		@Override
		protected Consumer<Object, Object> createRawConsumer(Map<String, Object> properties) {
			Map<String, Object> marked = new HashMap<>(properties);
			marked.computeIfPresent(ConsumerConfig.CLIENT_ID_CONFIG,
					(name, clientId) -> this.group.mark(clientId.toString()));
			return new ConfirmingConsumer(marked, this.group.group(), this.health);
		}

	}

}
