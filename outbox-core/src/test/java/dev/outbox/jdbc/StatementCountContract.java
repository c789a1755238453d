package dev.outbox.jdbc;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

import com.zaxxer.hikari.HikariDataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowCallbackHandler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * How many statements an event costs on its whole way, as the server itself counts them.
 * Each is a round trip; the settings that travel with one do not count. The begin and the
 * end of transactions, which are the application's own, do not count; whatever else is
 * executed does.
 */
interface StatementCountContract extends OnDatabase {

	/**
	 * Who publish at the same time. The dispatcher's query is about what they have
	 * committed since the former one.
	 */
	int WRITERS = 32;

	/**
	 * As many events as the dispatcher holds in memory: what is beyond, it would leave to
	 * the relay.
	 */
	int MOST_EVENTS = 25_000;

	/**
	 * The statements that make the server count from zero.
	 * @return the statements
	 */
	List<String> countFromZero();

	/**
	 * The query for the statements that were executed in a database, and how often.
	 * @return the query
	 */
	String countedStatements();

	@ParameterizedTest
	@ValueSource(ints = { 1, 3, 10 })
	default void eventsOfATransactionAreOneInsert(int events) throws Exception {
		StatementCounts counts = counts((engine) -> {
			for (int transaction = 0; transaction < 20; transaction++) {
				engine.publish(TestDatabase.keys(events));
			}
		});
		assertThat(counts.inserts()).as("of 20 transactions with %d events: %s", events, counts).isEqualTo(20);
	}

	// Each writer has keys of its own, as if it had locked an aggregate.
	@Tag("long")
	@Test
	default void underLoadDispatchAndClearingAreFewStatements() throws Exception {
		Duration duration = Duration.ofSeconds(Integer.getInteger("outbox.test.load.seconds", 3));
		AtomicInteger transactions = new AtomicInteger();
		AtomicInteger events = new AtomicInteger();
		StatementCounts counts = counts((engine) -> {
			long end = System.nanoTime() + duration.toNanos();
			Together.run(duration.plusMinutes(1), Collections.nCopies(WRITERS, () -> {
				ThreadLocalRandom random = ThreadLocalRandom.current();
				while (System.nanoTime() < end && events.get() < MOST_EVENTS) {
					String key = Thread.currentThread().getName() + random.nextInt(64);
					List<String> keys = Collections.nCopies(random.nextInt(1, 4), key);
					engine.publish(keys);
					transactions.incrementAndGet();
					events.addAndGet(keys.size());
				}
			}));
		});
		System.out.printf("%s: %s transactions, %s events, %d inserts and %d other statements: %s%n",
				database().product(), transactions, events, counts.inserts(), counts.others(), counts);
		// The counters of performance_schema are not locked: some of the concurrent
		// statements are lost, but none is counted twice.
		assertThat(counts.inserts()).as("of %s transactions: %s", transactions, counts)
			.isBetween(transactions.get() * 99L / 100, (long) transactions.get());
		assertThat(counts.others()).as("of %s events: %s", events, counts).isLessThan(events.get() / 10);
	}

	private StatementCounts counts(Work work) throws Exception {
		try (TestDatabase fresh = new TestDatabase(createDatabase()); HikariDataSource pool = fresh.pool((config) -> {
			config.setMaximumPoolSize(WRITERS + 2);
			config.setMinimumIdle(WRITERS + 2);
		})) {
			await().until(() -> pool.getHikariPoolMXBean().getIdleConnections() == WRITERS + 2);
			countFromZero().forEach(fresh.sql()::execute);
			try (Engine engine = new Engine(pool, fresh.outbox(pool, "one"))) {
				work.on(engine);
			}
			StatementCounts counts = StatementCounts.of(fresh.sql(), countedStatements());
			assertThat(fresh.stored()).as("not sent and cleared").isEmpty();
			return counts;
		}
	}

	/**
	 * Something to be counted.
	 */
	@FunctionalInterface
	interface Work {

		/**
		 * Do it.
		 * @param engine publishes
		 * @throws Exception if it fails
		 */
		void on(Engine engine) throws Exception;

	}

	/**
	 * Statements, without those that begin and end transactions.
	 *
	 * @param executions how often each was executed
	 */
	record StatementCounts(Map<String, Long> executions) {

		private static final Pattern NOT_COUNTED = Pattern.compile(
				"begin.*|start transaction.*|commit.*|set autocommit.*|truncate table.*|select pg_stat.*|select set_config.*");

		private static final int LONGEST = 60;

		static StatementCounts of(JdbcTemplate sql, String query) {
			Map<String, Long> executions = new TreeMap<>();
			sql.query(query, (RowCallbackHandler) (row) -> {
				String statement = row.getString(1).replaceAll("[`(\\s]+", " ").strip().toLowerCase(Locale.ROOT);
				if (!NOT_COUNTED.matcher(statement).matches()) {
					executions.merge(statement.substring(0, Math.min(statement.length(), LONGEST)), row.getLong(2),
							Long::sum);
				}
			});
			return new StatementCounts(executions);
		}

		long inserts() {
			return this.executions.entrySet()
				.stream()
				.filter((statement) -> statement.getKey().startsWith("insert into outbox "))
				.mapToLong(Map.Entry::getValue)
				.sum();
		}

		long others() {
			return this.executions.values().stream().mapToLong(Long::longValue).sum() - inserts();
		}

	}

}
