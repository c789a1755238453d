package dev.outbox.test;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import javax.sql.DataSource;

import dev.outbox.EventType;
import dev.outbox.OutboxEventPublisher;
import dev.outbox.OutboxException;
import dev.outbox.OutboxMonitor;
import dev.outbox.testsupport.KafkaBroker;
import dev.outbox.testsupport.TopicReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * An application that reads from a replica in its read-only transactions: nothing of the
 * outbox goes there.
 */
class ReadReplicaTests {

	private static final int READS = 5;

	private static final String READ = "SELECT CAST(? AS INTEGER)";

	private static final List<String> OUTBOX_STATEMENTS = List.of("INSERT INTO outbox ", "DELETE FROM outbox ",
			"SELECT outbox_id, event_id, topic, partition_key FROM outbox ", "UPDATE outbox_lock ",
			"MERGE INTO outbox_attempt ", "INSERT INTO outbox_parked ", "SELECT o.outbox_id, o.event_id, o.event_type");

	private final TargetDataSource primary = new TargetDataSource();

	private final TargetDataSource replica = new TargetDataSource();

	private final Arena arena = new Arena(Arena.h2(), KafkaBroker.shared());

	@AfterEach
	void close() {
		this.arena.close();
	}

	@Test
	void lazyProxyWithAReadOnlyDataSource() {
		LazyConnectionDataSourceProxy proxy = new LazyConnectionDataSourceProxy(this.primary);
		proxy.setReadOnlyDataSource(this.replica);
		useEverything(proxy);
	}

	@Test
	void routingByTheTransaction() {
		AbstractRoutingDataSource routing = new AbstractRoutingDataSource() {

			@Override
			protected Object determineCurrentLookupKey() {
				return TransactionSynchronizationManager.isCurrentTransactionReadOnly();
			}

		};
		routing.setTargetDataSources(Map.of(true, this.replica, false, this.primary));
		routing.setDefaultTargetDataSource(this.primary);
		routing.afterPropertiesSet();
		useEverything(new LazyConnectionDataSourceProxy(routing));
	}

	private void useEverything(DataSource dataSource) {
		try (ConfigurableApplicationContext application = start(dataSource);
				TopicReader reader = TopicReader.read(this.arena.broker.bootstrapServers(), this.arena.topic())) {
			TransactionTemplate transaction = new TransactionTemplate(
					application.getBean(PlatformTransactionManager.class));
			OutboxEventPublisher publisher = application.getBean(OutboxEventPublisher.class);
			EventType type = application.getBean(EventType.class);
			transaction.executeWithoutResult((status) -> publisher.publishEvent(type, "a", "1"));
			leaveBehind("b", "{}");
			leaveBehind("c", "no JSON");
			transaction.setReadOnly(true);
			for (int i = 0; i < READS; i++) {
				transaction.executeWithoutResult((status) -> {
					application.getBean(JdbcTemplate.class).queryForObject(READ, Integer.class, 1);
					publisher.publishManualEvent(type, "a", "2");
					assertThatExceptionOfType(OutboxException.class)
						.isThrownBy(() -> publisher.publishEvent(type, "a", "3"))
						.withMessageContaining("read-only");
				});
			}
			reader.await(READS + 2, Arena.PATIENCE);
			OutboxMonitor monitor = application.getBean(OutboxMonitor.class);
			await().atMost(Arena.PATIENCE).until(() -> monitor.status().pending() == 0);
			assertThat(monitor.status().parked()).isOne();
		}
		assertThat(this.replica.statements()).hasSize(READS).containsOnly(READ);
		assertThat(this.replica.connections()).isEqualTo(READS);
		assertThat(OUTBOX_STATEMENTS).allSatisfy((begin) -> assertThat(this.primary.statements())
			.anyMatch((statement) -> statement.replaceAll("[\\s(]+", " ").strip().startsWith(begin)));
	}

	// As an instance would that has ended before it could send the event.
	private void leaveBehind(String key, String headers) {
		new JdbcTemplate(this.primary).update("""
				INSERT INTO outbox (event_id, event_type, topic, partition_key, payload, headers, created_at)
				VALUES (?, 'ACCOUNT_CHANGED', ?, ?, '{}', ?, DATEADD(HOUR, -1, CURRENT_TIMESTAMP))""",
				UUID.randomUUID().toString(), this.arena.topic(), key, headers);
	}

	private ConfigurableApplicationContext start(DataSource dataSource) {
		ApplicationContextInitializer<GenericApplicationContext> initializer = (context) -> context
			.registerBean(DataSource.class, () -> dataSource);
		return new SpringApplicationBuilder(LedgerApplication.class).web(WebApplicationType.NONE)
			.initializers(initializer)
			.registerShutdownHook(false)
			.properties(this.arena.settings())
			.properties("spring.application.name=ledger", "spring.main.banner-mode=off",
					"spring.jpa.hibernate.ddl-auto=none", "outbox.relay.stale-after=" + Duration.ofSeconds(2),
					"outbox.relay.interval=200ms",
					"spring.kafka.bootstrap-servers=" + this.arena.broker.bootstrapServers())
			.run();
	}

}
