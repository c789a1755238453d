package dev.outbox.jdbc;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

import com.zaxxer.hikari.HikariDataSource;
import dev.outbox.store.Attempt;
import dev.outbox.store.OutboxRecord;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Several instances, and the application, at work on the same tables.
 */
interface ConcurrencyContract extends OnDatabase {

	@ParameterizedTest
	@ValueSource(strings = { "TRANSACTION_READ_COMMITTED", "TRANSACTION_REPEATABLE_READ", "TRANSACTION_SERIALIZABLE" })
	default void instancesThatClearTheSameEventsDoNotCollide(String level) throws Exception {
		try (HikariDataSource pool = database().pool((config) -> config.setTransactionIsolation(level))) {
			for (int round = 0; round < 5; round++) {
				List<OutboxRecord> events = TestDatabase.events(500);
				database().insert(events);
				List<Callable<Integer>> clearers = new ArrayList<>();
				for (int i = 0; i < 3; i++) {
					List<UUID> ids = new ArrayList<>(TestDatabase.ids(events));
					Collections.shuffle(ids);
					JdbcOutboxStore store = new JdbcOutboxStore(database().outbox(pool, "instance-" + i));
					clearers.add(() -> store.clear(ids));
				}
				assertThat(Together.call(clearers).stream().mapToInt(Integer::intValue).sum()).isEqualTo(500);
			}
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "TRANSACTION_READ_COMMITTED", "TRANSACTION_REPEATABLE_READ", "TRANSACTION_SERIALIZABLE" })
	default void publishingMeetsNoDeadlockWithTheOutboxsOwnWork(String level) throws Exception {
		try (HikariDataSource pool = database().pool((config) -> config.setTransactionIsolation(level))) {
			OutboxJdbc outbox = database().outbox(pool, "one");
			JdbcOutboxStore store = new JdbcOutboxStore(outbox);
			JdbcRelayStore relay = new JdbcRelayStore(outbox);
			TransactionTemplate business = new TransactionTemplate(new JdbcTransactionManager(pool));
			ConcurrentLinkedQueue<UUID> published = new ConcurrentLinkedQueue<>();
			AtomicInteger writing = new AtomicInteger(3);
			Runnable writer = () -> {
				try {
					for (int i = 0; i < 60; i++) {
						List<OutboxRecord> events = TestDatabase.events(5);
						business.executeWithoutResult((status) -> {
							store.insert(events.subList(0, 3));
							store.insert(events.subList(3, 5));
						});
						published.addAll(TestDatabase.ids(events));
					}
				}
				finally {
					writing.decrementAndGet();
				}
			};
			Runnable clearer = () -> {
				while (writing.get() > 0) {
					List<UUID> ids = new ArrayList<>();
					for (int i = 0; i < 5; i++) {
						ids.add(UUID.randomUUID());
						UUID next = published.poll();
						if (next != null) {
							ids.add(next);
						}
					}
					store.clear(ids);
				}
			};
			Runnable relaying = () -> {
				while (writing.get() > 0) {
					relay.recordAttempts(relay.page(0, Long.MAX_VALUE, 50)
						.stream()
						.map((event) -> new Attempt(event.id(), "late"))
						.toList());
					relay.forgetAttempts();
				}
			};
			Together.run(writer, writer, writer, clearer, clearer, relaying, relaying);
			store.clear(published);
			assertThat(database().stored()).isEmpty();
		}
	}

}
