package dev.outbox.jpa;

import java.time.Instant;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import org.hibernate.annotations.Immutable;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.annotations.Subselect;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/**
 * A pending event, as it stands in its table, to be queried by JPA. It can only be read:
 * the outbox itself writes by SQL. In queries its name is {@code OutboxRow}, so that an
 * application may have an entity {@code Outbox} of its own.
 * <p>
 * The starter maps it in the persistence units that Spring Boot's
 * {@code EntityManagerFactoryBuilder} builds for the outbox's data source, and in no
 * others. An entity manager factory that is built by hand may scan this package; if the
 * table has a schema or a prefix, it must be told so by {@link #TABLE_PROPERTY}.
 *
 * @since 0.1
 */
// Mapped by a query and not as a table, so that Hibernate neither creates, alters,
// validates nor drops the table, and nobody deletes an event by its entity.
@Entity(name = "OutboxRow")
@Immutable
@Subselect(Outbox.SELECT + "outbox")
@OutboxTable
@SuppressWarnings("NullAway.Init") // JPA sets the fields
public class Outbox {

	/**
	 * Property of the persistence unit: the full name of the table, as it is written in
	 * SQL. Default is {@code outbox}.
	 */
	public static final String TABLE_PROPERTY = "dev.outbox.table";

	static final String SELECT = "SELECT outbox_id, event_id, event_type, topic, partition_key, payload, headers, created_at FROM ";

	@Id
	@Column(name = "outbox_id")
	private Long id;

	@Column(name = "event_id")
	@JdbcTypeCode(SqlTypes.VARCHAR)
	private UUID eventId;

	@Column(name = "event_type")
	private String eventType;

	@Column(name = "topic")
	private String topic;

	@Column(name = "partition_key")
	private String partitionKey;

	@Column(name = "payload")
	private String payload;

	@Column(name = "headers")
	private @Nullable String headers;

	@Column(name = "created_at")
	@JdbcTypeCode(SqlTypes.TIMESTAMP_UTC)
	private Instant createdAt;

	protected Outbox() {
	}

	/**
	 * The row's id. The ids of one key ascend in the order of its commits.
	 * @return the id
	 */
	public Long getId() {
		return this.id;
	}

	/**
	 * What identifies the event everywhere.
	 * @return the id of the event
	 */
	public UUID getEventId() {
		return this.eventId;
	}

	/**
	 * The name of the event's type.
	 * @return the name
	 */
	public String getEventType() {
		return this.eventType;
	}

	/**
	 * The topic for which the event is bound.
	 * @return the topic
	 */
	public String getTopic() {
		return this.topic;
	}

	/**
	 * The key within which events are kept in order.
	 * @return the key
	 */
	public String getPartitionKey() {
		return this.partitionKey;
	}

	/**
	 * The envelope that is sent: id, type and payload of the event.
	 * @return the envelope as JSON
	 */
	public String getPayload() {
		return this.payload;
	}

	/**
	 * The event's own headers.
	 * @return the headers as a JSON object, or {@code null} if it has none
	 */
	public @Nullable String getHeaders() {
		return this.headers;
	}

	/**
	 * When the event was stored, by the database's clock.
	 * @return the time, in microseconds
	 */
	public Instant getCreatedAt() {
		return this.createdAt;
	}

}
