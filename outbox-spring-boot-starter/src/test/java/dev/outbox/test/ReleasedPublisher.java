package dev.outbox.test;

import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import javax.sql.DataSource;

import org.springframework.jdbc.core.JdbcTemplate;

import static org.awaitility.Awaitility.await;

/**
 * Writes what an instance of release 0.1.0 writes, by the statements of that release.
 */
final class ReleasedPublisher implements AutoCloseable {

	private static final Timestamp STALE = Timestamp.from(Instant.parse("2026-01-01T12:00:00Z"));

	private static final String EVENT = "event_id, event_type, topic, partition_key, payload, headers, created_at";

	private final JdbcTemplate jdbc;

	private final String topic;

	private final List<String> published = new CopyOnWriteArrayList<>();

	private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();

	private Future<?> publishing = CompletableFuture.completedFuture(null);

	ReleasedPublisher(DataSource dataSource, String topic) {
		this.jdbc = new JdbcTemplate(dataSource);
		this.topic = topic;
	}

	void publish(int count) {
		for (int i = 0; i < count; i++) {
			this.published.add(insert());
		}
	}

	private String insert() {
		String id = UUID.randomUUID().toString();
		String headers = (this.published.size() % 2 == 0) ? null : "{\"tenant\":\"münchen\"}";
		this.jdbc.update("INSERT INTO outbox (" + EVENT + ") VALUES (?, ?, ?, ?, ?, ?, ?)", id, "ACCOUNT_CHANGED",
				this.topic, String.valueOf(this.published.size() % 7),
				"{\"eventId\":\"%s\",\"eventType\":\"ACCOUNT_CHANGED\",\"payload\":null}".formatted(id), headers,
				STALE);
		return id;
	}

	void attempt(int count) {
		this.jdbc.update(
				"INSERT INTO outbox_attempt (outbox_id, attempts, attempted_at, last_error) "
						+ "SELECT outbox_id, 3, ?, 'Not confirmed' FROM outbox ORDER BY outbox_id LIMIT " + count,
				STALE);
	}

	void park(int count) {
		for (int i = 0; i < count; i++) {
			String id = insert();
			this.jdbc.update(
					"INSERT INTO outbox_parked (outbox_id, " + EVENT
							+ ", reason, error_class, parked_at, parked_by) SELECT outbox_id, " + EVENT
							+ ", 'Too large', 'RecordTooLargeException', ?, 'shop-1' FROM outbox WHERE event_id = ?",
					STALE, id);
			this.jdbc.update("DELETE FROM outbox WHERE event_id = ?", id);
		}
	}

	// Publishes some hundred events a second until it is closed.
	void start() {
		this.publishing = this.executor.scheduleWithFixedDelay(() -> publish(1), 0, 3, TimeUnit.MILLISECONDS);
	}

	void awaitMore(int count) {
		int before = this.published.size();
		await().atMost(Arena.PATIENCE).until(() -> this.publishing.isDone() || this.published.size() >= before + count);
	}

	// In the order in which they were published.
	List<String> published() {
		return List.copyOf(this.published);
	}

	List<String> pending() {
		return this.jdbc.queryForList("SELECT event_id FROM outbox ORDER BY outbox_id", String.class);
	}

	List<Map<String, Object>> parked() {
		return this.jdbc.queryForList("SELECT outbox_id, " + EVENT
				+ ", reason, error_class, parked_at, parked_by FROM outbox_parked ORDER BY outbox_id");
	}

	// Fails if publishing has.
	void stop() throws Exception {
		if (!this.publishing.isDone()) {
			this.publishing.cancel(false);
		}
		close();
		if (!this.publishing.isCancelled()) {
			this.publishing.get();
		}
	}

	@Override
	public void close() {
		this.executor.shutdown();
		await().atMost(Arena.PATIENCE).until(this.executor::isTerminated);
	}

}
