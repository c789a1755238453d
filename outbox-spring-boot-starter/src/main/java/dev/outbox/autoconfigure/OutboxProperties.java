package dev.outbox.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import dev.outbox.dispatch.PoisonPolicy;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;

/**
 * Properties of the outbox.
 *
 * @param source Name of this application's outbox on the wire. Two applications must not
 * share it. Default is spring.application.name.
 * @param captureOnly Whether events are only stored, to be sent by something else that
 * reads the table.
 * @param ordering Whether events of one topic and partition key arrive in order.
 * @param eventTypes Event types that are not declared by an enum or a bean: topics by
 * name.
 * @param eventTypePackages Packages in which to look for enums that implement EventType,
 * besides those of the application.
 * @param shutdownGrace How long the shutdown may wait for events that are under way.
 * @param schema Tables of the outbox.
 * @param jpa Entity and repository of the outbox.
 * @param producer Producer of the outbox.
 * @param confirmation How it is confirmed that an event has arrived.
 * @param relay Relay, which sends stale events again.
 * @param poisonDefault What becomes of an event that can never be sent: parked, sent to a
 * dead-letter topic, or left where it is so that its key waits.
 * @param poison The same for single event types, by their names.
 * @param deadLetter Dead-letter topics for the listeners of the application.
 * @since 0.1
 */
@ConfigurationProperties("outbox")
public record OutboxProperties(@Nullable String source, @DefaultValue("false") boolean captureOnly,
		@DefaultValue("key") Ordering ordering, @DefaultValue Map<String, String> eventTypes,
		@DefaultValue List<String> eventTypePackages, @DefaultValue("10s") Duration shutdownGrace,
		@DefaultValue Schema schema, @DefaultValue Jpa jpa, @DefaultValue Producer producer,
		@DefaultValue Confirmation confirmation, @DefaultValue Relay relay,
		@DefaultValue("park") PoisonPolicy poisonDefault, @DefaultValue Map<String, PoisonPolicy> poison,
		@DefaultValue DeadLetter deadLetter) {

	public OutboxProperties {
		Assert.isTrue(!shutdownGrace.isNegative(), "outbox.shutdown-grace must not be negative");
	}

	/**
	 * What is kept in order.
	 */
	public enum Ordering {

		/**
		 * Events of one topic and partition key arrive in the order of their commits.
		 */
		KEY,

		/**
		 * Nothing is kept in order.
		 */
		NONE

	}

	/**
	 * Properties of the tables.
	 *
	 * @param migrate Whether to create the tables at start-up, and to bring them up to
	 * date.
	 * @param name Schema that holds the tables; a database on MySQL and MariaDB. Default
	 * is that of the connections.
	 * @param tablePrefix What the names of the tables, of their indexes and constraints
	 * begin with.
	 */
	public record Schema(@DefaultValue("true") boolean migrate, @Nullable String name,
			@DefaultValue("") String tablePrefix) {

	}

	/**
	 * Properties of the entity and the repository.
	 *
	 * @param enabled Whether applications that use Hibernate and Spring Data JPA can
	 * query the outbox by them.
	 */
	public record Jpa(@DefaultValue("true") boolean enabled) {

	}

	/**
	 * Properties of the producer.
	 *
	 * @param properties Kafka's own properties for the producer of the outbox, besides
	 * those that its promises rest on.
	 */
	public record Producer(@DefaultValue Map<String, String> properties) {

	}

	/**
	 * Properties of the confirmation.
	 *
	 * @param mode What confirms an event: that it has been read back from Kafka, or
	 * Kafka's acknowledgement alone.
	 * @param groupId Consumer group that reads events back. Default is the source with
	 * '-outbox' appended.
	 * @param concurrency Number of consumers in this instance that read events back.
	 * @param startAt How far back the group begins to read where it has no committed
	 * offset.
	 * @param checkGroup Whether to stay out of the group while an outbox with other
	 * tables is in it.
	 * @param properties Kafka's own properties for these consumers, besides those that
	 * the outbox's promises rest on.
	 */
	public record Confirmation(@DefaultValue("consumer") Mode mode, @Nullable String groupId,
			@DefaultValue("1") int concurrency, @DefaultValue("1h") Duration startAt,
			@DefaultValue("true") boolean checkGroup, @DefaultValue Map<String, String> properties) {

		public Confirmation {
			Assert.isTrue(concurrency > 0, "outbox.confirmation.concurrency must be positive");
			Assert.isTrue(startAt.toSeconds() > 0, "outbox.confirmation.start-at must be at least a second");
		}

		/**
		 * What confirms an event.
		 */
		public enum Mode {

			/**
			 * The event has been read back from Kafka.
			 */
			CONSUMER,

			/**
			 * Kafka has acknowledged the event.
			 */
			ACK

		}

	}

	/**
	 * Properties of the relay.
	 *
	 * @param interval How often to look whether anything is stale. One trivial query each
	 * time.
	 * @param staleAfter How long an event may be pending before it is sent again.
	 * @param longestBackOff How long to wait between attempts to send an event again, at
	 * most.
	 */
	public record Relay(@DefaultValue("1s") Duration interval, @DefaultValue("10s") Duration staleAfter,
			@DefaultValue("10m") Duration longestBackOff) {

		public Relay {
			Assert.isTrue(interval.toMillis() > 0, "outbox.relay.interval must be positive");
			Assert.isTrue(staleAfter.toMillis() > 0, "outbox.relay.stale-after must be positive");
			Assert.isTrue(longestBackOff.compareTo(staleAfter) >= 0,
					"outbox.relay.longest-back-off must not be shorter than outbox.relay.stale-after");
		}

	}

	/**
	 * Properties of the dead-letter topics.
	 *
	 * @param enabled Whether records that the application's listeners fail to handle are
	 * retried and then sent to a dead-letter topic.
	 * @param retries How often a record is retried first.
	 * @param backOff How long to wait before the first retry.
	 * @param multiplier By what to multiply the wait before each further retry.
	 * @param longestBackOff How long to wait before a retry, at most.
	 * @param suffix What is appended to the name of the topic.
	 */
	public record DeadLetter(@DefaultValue("false") boolean enabled, @DefaultValue("3") int retries,
			@DefaultValue("1s") Duration backOff, @DefaultValue("1") double multiplier,
			@DefaultValue("30s") Duration longestBackOff, @DefaultValue("-dlt") String suffix) {

		public DeadLetter {
			Assert.isTrue(retries >= 0, "outbox.dead-letter.retries must not be negative");
			Assert.isTrue(!backOff.isNegative(), "outbox.dead-letter.back-off must not be negative");
			Assert.isTrue(multiplier >= 1, "outbox.dead-letter.multiplier must be at least 1");
			Assert.hasText(suffix, "outbox.dead-letter.suffix must not be empty");
		}

	}

}
