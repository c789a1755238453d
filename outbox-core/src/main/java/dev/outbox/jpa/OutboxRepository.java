package dev.outbox.jpa;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

/**
 * Queries what is pending. It reads only: what is stored is the outbox's to change.
 * <p>
 * Lists ascend by id. They are read page by page: the first with {@code after} 0, each
 * further one after the last id of the page before.
 *
 * @since 0.1
 */
public interface OutboxRepository extends Repository<Outbox, Long> {

	/**
	 * Find an event by its id.
	 * @param eventId the id of the event
	 * @return the event, or nothing if it has been confirmed, was parked, or never was
	 */
	Optional<Outbox> findByEventId(UUID eventId);

	/**
	 * List all events.
	 * @param after the id after which the page begins
	 * @param limit the size of the page
	 * @return the events
	 */
	@Query("SELECT o FROM OutboxRow o WHERE o.id > :after ORDER BY o.id")
	List<Outbox> findAll(long after, Limit limit);

	/**
	 * List the events of a key, whatever their topics. This has an index.
	 * @param partitionKey the key
	 * @param after the id after which the page begins
	 * @param limit the size of the page
	 * @return the events
	 */
	@Query("SELECT o FROM OutboxRow o WHERE o.partitionKey = :partitionKey AND o.id > :after ORDER BY o.id")
	List<Outbox> findByPartitionKey(String partitionKey, long after, Limit limit);

	/**
	 * List the events of a topic. This reads the table up to the page's last row.
	 * @param topic the topic
	 * @param after the id after which the page begins
	 * @param limit the size of the page
	 * @return the events
	 */
	@Query("SELECT o FROM OutboxRow o WHERE o.topic = :topic AND o.id > :after ORDER BY o.id")
	List<Outbox> findByTopic(String topic, long after, Limit limit);

	/**
	 * List the events that were stored before a time. This reads the table up to the
	 * page's last row.
	 * @param time the time, by the database's clock
	 * @param after the id after which the page begins
	 * @param limit the size of the page
	 * @return the events
	 */
	@Query("SELECT o FROM OutboxRow o WHERE o.createdAt < :time AND o.id > :after ORDER BY o.id")
	List<Outbox> findByCreatedAtBefore(Instant time, long after, Limit limit);

	/**
	 * Count the events. This reads the whole table, or an index of it.
	 * @return how many are pending
	 */
	long count();

}
