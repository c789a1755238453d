package dev.outbox.benchmarks.contestant;

import java.util.List;

/**
 * Who takes part.
 */
public enum Contestant {

	/**
	 * The transactions alone.
	 */
	DOMAIN("domain only", DomainOnly.class, "", "", ""),

	/**
	 * An outbox written by hand.
	 */
	BY_HAND("by hand", ByHand.class, "", "by_hand", ""),

	/**
	 * This outbox as it is by default.
	 */
	OURS_CONSUMER("ours, consumer", Ours.class, "dev.outbox.", "outbox", ""),

	/**
	 * This outbox, where Kafka's acknowledgement is the confirmation.
	 */
	OURS_ACK("ours, ack", Ours.class, "dev.outbox.", "outbox", "outbox.confirmation.mode=ack"),

	/**
	 * This outbox without order.
	 */
	OURS_CONSUMER_NONE("ours, consumer, no order", Ours.class, "dev.outbox.", "outbox", "outbox.ordering=none"),

	/**
	 * This outbox without order, where Kafka's acknowledgement is the confirmation.
	 */
	OURS_ACK_NONE("ours, ack, no order", Ours.class, "dev.outbox.", "outbox",
			"outbox.ordering=none outbox.confirmation.mode=ack"),

	/**
	 * Spring Modulith, which deletes what is completed.
	 */
	MODULITH("Spring Modulith 2.0.3", Modulith.class, "org.springframework.modulith.", "event_publication",
			"spring.modulith.events.completion-mode=delete "
					+ "spring.modulith.events.jdbc.schema-initialization.enabled=true "
					+ "spring.kafka.producer.value-serializer="
					+ "org.apache.kafka.common.serialization.ByteArraySerializer"),

	/**
	 * Namastack Outbox as it is by default.
	 */
	NAMASTACK("Namastack 1.6.0", Namastack.class, "io.namastack.", "outbox_record WHERE status = 'NEW'", ""),

	/**
	 * Namastack Outbox with larger batches, shorter pauses and more threads.
	 */
	NAMASTACK_TUNED("Namastack 1.6.0, tuned", Namastack.class, "io.namastack.", "outbox_record",
			"namastack.outbox.polling.batch-size=800 namastack.outbox.polling.fixed.interval=25ms "
					+ "namastack.outbox.processing.executor-core-pool-size=16 "
					+ "namastack.outbox.processing.executor-max-pool-size=32 "
					+ "namastack.outbox.processing.delete-completed-records=true"),

	/**
	 * Gruelbox's transaction outbox, in a version of 2022.
	 */
	GRUELBOX("gruelbox 4.2.268", Gruelbox.class, "", "txno_outbox", "");

	/**
	 * The name of the only type of event.
	 */
	public static final String EVENT_TYPE = "LEDGER";

	private final String title;

	private final Class<?> application;

	private final String autoConfigurations;

	private final String pending;

	private final String properties;

	Contestant(String title, Class<?> application, String autoConfigurations, String pending, String properties) {
		this.title = title;
		this.application = application;
		this.autoConfigurations = autoConfigurations;
		this.pending = pending;
		this.properties = properties;
	}

	/**
	 * The name to print.
	 * @return the name
	 */
	public String title() {
		return this.title;
	}

	Class<?> application() {
		return this.application;
	}

	/**
	 * The rows that wait to be sent or deleted.
	 * @return a table, perhaps with a condition; empty if there is none
	 */
	public String pending() {
		return this.pending;
	}

	/**
	 * The properties of the application, besides those that all have.
	 * @return the properties
	 */
	public List<String> properties() {
		return this.properties.isEmpty() ? List.of() : List.of(this.properties.split(" "));
	}

	/**
	 * Whether it publishes at all.
	 * @return whether it does
	 */
	public boolean isPublishing() {
		return this != DOMAIN;
	}

	/**
	 * Whether it is this outbox.
	 * @return whether it is
	 */
	public boolean isOurs() {
		return this.application == Ours.class;
	}

	// What the names of its auto-configurations begin with; empty if it has none.
	String autoConfigurations() {
		return this.autoConfigurations;
	}

}
