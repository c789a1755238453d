package dev.outbox.jdbc;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.IntStream;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.outbox.health.InstanceHealth;
import dev.outbox.schema.FlywaySchemaMigration;
import dev.outbox.store.OutboxRecord;
import dev.outbox.store.PlacedEvent;
import dev.outbox.store.StoredEvent;

import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * A database with the tables of the outbox, and the outbox's ways to it.
 */
final class TestDatabase implements AutoCloseable {

	static final String TOPIC = "order.created";

	private final String url;

	private final HikariDataSource pool;

	private final SqlDialect dialect;

	/**
	 * Create the tables in an empty database.
	 * @param url its JDBC URL
	 */
	TestDatabase(String url) {
		this.url = url;
		this.pool = pool((config) -> {
		});
		this.dialect = SqlDialect.of(this.pool);
		new FlywaySchemaMigration(this.pool, this.dialect.vendor()).migrate();
	}

	/**
	 * Create another pool of connections to the same database.
	 * @param customizer changes the pool's settings
	 * @return the pool
	 */
	HikariDataSource pool(Consumer<HikariConfig> customizer) {
		HikariConfig config = new HikariConfig();
		config.setJdbcUrl(this.url);
		config.setMinimumIdle(1);
		customizer.accept(config);
		return new HikariDataSource(config);
	}

	HikariDataSource pool() {
		return this.pool;
	}

	SqlDialect dialect() {
		return this.dialect;
	}

	/**
	 * What the database is.
	 * @return its product and version
	 */
	String product() {
		return Objects.requireNonNull(sql()
			.execute((ConnectionCallback<String>) (connection) -> connection.getMetaData().getDatabaseProductName()
					+ " " + connection.getMetaData().getDatabaseProductVersion()));
	}

	/**
	 * Query one number.
	 * @param query the query
	 * @return the number
	 */
	long number(String query) {
		return Objects.requireNonNull(sql().queryForObject(query, Long.class));
	}

	JdbcTemplate sql() {
		return new JdbcTemplate(this.pool);
	}

	OutboxJdbc outbox(DataSource dataSource, String instance) {
		return new OutboxJdbc(dataSource, this.dialect, instance);
	}

	OutboxJdbc outbox() {
		return outbox(this.pool, "one");
	}

	JdbcOutboxStore store() {
		return new JdbcOutboxStore(outbox());
	}

	JdbcRelayStore relayStore() {
		return new JdbcRelayStore(outbox());
	}

	JdbcOutboxMonitor monitor() {
		return new JdbcOutboxMonitor(outbox(), health());
	}

	// Of an instance that has noticed nothing.
	static InstanceHealth health() {
		return new InstanceHealth(Duration.ofMinutes(20), System::nanoTime);
	}

	List<PlacedEvent> insert(OutboxRecord... events) {
		return insert(List.of(events));
	}

	List<PlacedEvent> insert(List<OutboxRecord> events) {
		List<PlacedEvent> stored = new ArrayList<>();
		inTransaction(() -> stored.addAll(store().insert(events)));
		return stored;
	}

	void inTransaction(Runnable work) {
		new TransactionTemplate(new JdbcTransactionManager(this.pool)).executeWithoutResult((status) -> work.run());
	}

	List<StoredEvent> page(int limit) {
		return relayStore().page(0, Long.MAX_VALUE, limit);
	}

	/**
	 * All events in the order in which the relay reads them.
	 * @return the ids of the events
	 */
	List<UUID> stored() {
		return page(100_000).stream().map((event) -> event.event().eventId()).toList();
	}

	/**
	 * How a point in time is written in SQL.
	 * @param instant the point in time
	 * @return the literal of the type that the time columns have
	 */
	String literal(Instant instant) {
		String utc = instant.toString().replace("T", " ").replace("Z", "");
		return switch (this.dialect) {
			case MYSQL, MARIADB -> "'" + utc + "'";
			case H2, POSTGRESQL -> "TIMESTAMP WITH TIME ZONE '" + utc + "+00:00'";
		};
	}

	void empty() {
		for (String table : List.of("outbox", "outbox_attempt", "outbox_parked")) {
			sql().update("DELETE FROM " + table);
		}
		sql().update("DELETE FROM outbox_lock WHERE lock_name <> 'relay'");
		sql().update("UPDATE outbox_lock SET locked_by = '', locked_until = " + literal(Instant.EPOCH));
	}

	static OutboxRecord event(String key) {
		return event(key, "{}");
	}

	static OutboxRecord event(String key, String payload) {
		return new OutboxRecord(UUID.randomUUID(), "ORDER_CREATED", TOPIC, key, payload, Map.of());
	}

	static List<OutboxRecord> events(int count) {
		return keys(count).stream().map(TestDatabase::event).toList();
	}

	static List<String> keys(int count) {
		return IntStream.range(0, count).mapToObj((number) -> "key-" + number % 10).toList();
	}

	static List<UUID> ids(List<OutboxRecord> events) {
		return events.stream().map(OutboxRecord::eventId).toList();
	}

	@Override
	public void close() {
		this.pool.close();
	}

}
