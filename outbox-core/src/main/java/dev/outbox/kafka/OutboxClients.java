package dev.outbox.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.outbox.OutboxException;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The settings of the outbox's own Kafka clients. What its promises rest on cannot be
 * overridden.
 *
 * @since 0.1
 */
public final class OutboxClients {

	private static final Duration MAX_BLOCK = Duration.ofMillis(500);

	private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(30);

	private static final Duration ADMIN_TIMEOUT = Duration.ofSeconds(5);

	private static final Duration SESSION_TIMEOUT = Duration.ofSeconds(10);

	// With a heartbeat a member learns that another one comes or goes; until all know,
	// some partitions have no reader, and instances wait for each other's events.
	private static final Duration HEARTBEAT_INTERVAL = Duration.ofMillis(500);

	private static final Duration METADATA_MAX_AGE = Duration.ofSeconds(10);

	private static final int MAX_POLL_RECORDS = 2000;

	private static final int MAX_IN_FLIGHT = 5;

	private OutboxClients() {
	}

	/**
	 * The settings of the producer: idempotent, acknowledged by all, retrying for as long
	 * as it takes, because a retriable error must not become a gap. It does not linger,
	 * because events come to it in batches.
	 * @param connection how to connect
	 * @param overrides the user's settings
	 * @param clientId the client's id
	 * @param staleAfter how long after being sent an event is sent again
	 * @return the settings
	 * @throws OutboxException if an override is not safe
	 */
	public static Map<String, Object> producer(Map<String, Object> connection, Map<String, String> overrides,
			String clientId, Duration staleAfter) {
		Map<String, Object> settings = new HashMap<>(connection);
		settings.put(ProducerConfig.CLIENT_ID_CONFIG, clientId);
		settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
		settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, MAX_BLOCK.toMillis());
		settings.putAll(overrides);
		Map<String, Object> fixed = new HashMap<>();
		fixed.put(ProducerConfig.ACKS_CONFIG, "all");
		fixed.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
		fixed.put(ProducerConfig.RETRIES_CONFIG, Integer.MAX_VALUE);
		fixed.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Integer.MAX_VALUE);
		fixed.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
		fixed.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
		refuse("outbox.producer.properties.", overrides, fixed);
		settings.putAll(fixed);
		int inFlight = Integer.parseInt(overrides.getOrDefault(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION,
				String.valueOf(MAX_IN_FLIGHT)));
		if (inFlight > MAX_IN_FLIGHT || overrides.containsKey(ProducerConfig.TRANSACTIONAL_ID_CONFIG)) {
			throw new OutboxException("outbox.producer.properties: an idempotent producer keeps the order of at most "
					+ MAX_IN_FLIGHT + " requests in flight (" + ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION
					+ "), and " + ProducerConfig.TRANSACTIONAL_ID_CONFIG + " is not supported. Remove them");
		}
		refuseLongerThan(staleAfter, settings);
		return settings;
	}

	// What the producer keeps for so long although the broker is well would be sent again
	// all the time. For an answer that does not come it waits 30 seconds by default, and
	// then the broker is not well.
	private static void refuseLongerThan(Duration staleAfter, Map<String, Object> settings) {
		for (String name : List.of(ProducerConfig.LINGER_MS_CONFIG, ProducerConfig.MAX_BLOCK_MS_CONFIG,
				ProducerConfig.RETRY_BACKOFF_MS_CONFIG, ProducerConfig.RETRY_BACKOFF_MAX_MS_CONFIG)) {
			refuseLongerThan(staleAfter, name, settings);
		}
		refuseLongerThan((staleAfter.compareTo(REQUEST_TIMEOUT) > 0) ? staleAfter : REQUEST_TIMEOUT,
				ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, settings);
	}

	private static void refuseLongerThan(Duration longest, String name, Map<String, Object> settings) {
		Object value = settings.get(name);
		if (value != null && Long.parseLong(String.valueOf(value).trim()) > longest.toMillis()) {
			throw new OutboxException(
					("The outbox's producer may still be sending an event for %s=%s milliseconds, but "
							+ "after %d the event counts as lost and is sent again. Make outbox.producer.properties.%s smaller, or "
							+ "outbox.relay.stale-after larger")
						.formatted(name, value, longest.toMillis(), name));
		}
	}

	/**
	 * The settings of the consumers that read events back. Should a committed offset no
	 * longer exist, they go on at the earliest: at the end they would miss what is
	 * pending.
	 * @param connection how to connect
	 * @param overrides the user's settings
	 * @param clientId the clients' id
	 * @return the settings
	 * @throws OutboxException if an override is not safe
	 */
	public static Map<String, Object> consumer(Map<String, Object> connection, Map<String, String> overrides,
			String clientId) {
		Map<String, Object> settings = new HashMap<>(connection);
		settings.put(ConsumerConfig.CLIENT_ID_CONFIG, clientId);
		settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, MAX_POLL_RECORDS);
		if (!"consumer".equalsIgnoreCase(overrides.get(ConsumerConfig.GROUP_PROTOCOL_CONFIG))) {
			// In the newer protocol the broker sets it.
			settings.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, (int) SESSION_TIMEOUT.toMillis());
			settings.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, (int) HEARTBEAT_INTERVAL.toMillis());
			settings.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
					CooperativeStickyAssignor.class.getName());
		}
		settings.put(ConsumerConfig.METADATA_MAX_AGE_CONFIG, METADATA_MAX_AGE.toMillis());
		settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
		settings.putAll(overrides);
		Map<String, Object> fixed = new HashMap<>();
		fixed.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
		fixed.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
		fixed.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, DiscardingDeserializer.class);
		fixed.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, DiscardingDeserializer.class);
		refuse("outbox.confirmation.properties.", overrides, fixed);
		settings.putAll(fixed);
		return settings;
	}

	/**
	 * The settings of the client that asks how far the consumers are.
	 * @param connection how to connect
	 * @param clientId the client's id
	 * @return the settings
	 */
	public static Map<String, Object> admin(Map<String, Object> connection, String clientId) {
		Map<String, Object> settings = new HashMap<>(connection);
		settings.put(CommonClientConfigs.CLIENT_ID_CONFIG, clientId);
		settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) ADMIN_TIMEOUT.toMillis());
		settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) ADMIN_TIMEOUT.toMillis());
		return settings;
	}

	private static void refuse(String prefix, Map<String, String> overrides, Map<String, Object> fixed) {
		fixed.forEach((name, value) -> {
			String override = overrides.get(name);
			boolean same = override != null && (override.equals(String.valueOf(value))
					|| (name.equals(ProducerConfig.ACKS_CONFIG) && override.equals("-1")));
			if (override != null && !same) {
				throw new OutboxException("%s%s=%s would break the promises of the outbox, which need %s. Remove it"
					.formatted(prefix, name, override, value));
			}
		});
	}

}
