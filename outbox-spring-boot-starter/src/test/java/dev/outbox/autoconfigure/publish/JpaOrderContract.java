package dev.outbox.autoconfigure.publish;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import dev.outbox.OutboxEventPublisher;
import dev.outbox.testsupport.Database;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.FlushModeType;
import jakarta.persistence.LockModeType;
import org.hibernate.LockMode;
import org.hibernate.Session;
import org.hibernate.StatelessSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.liquibase.autoconfigure.LiquibaseAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.support.DataAccessUtils;
import org.springframework.dao.support.PersistenceExceptionTranslator;
import org.springframework.data.jpa.repository.support.SimpleJpaRepository;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.orm.jpa.SharedEntityManagerCreator;
import org.springframework.orm.jpa.vendor.HibernateJpaDialect;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * However an application of JPA has its transactions exclude each other, the ids of an
 * aggregate's events ascend in the order in which it was changed. Several threads change
 * few aggregates, and some take their change back. For each database there is a subclass.
 */
@TestInstance(Lifecycle.PER_CLASS)
abstract class JpaOrderContract {

	private static final int THREADS = 6;

	private static final int CHANGES = 40;

	private static final int ROUNDS = 40;

	private static final PersistenceExceptionTranslator TRANSLATOR = new HibernateJpaDialect();

	private static final List<Long> IDS = List.of(1L, 2L, 3L);

	private final Database database;

	private ConfigurableApplicationContext application;

	@SuppressWarnings("NullAway.Init") // before all
	JpaOrderContract(Database database) {
		this.database = database;
	}

	@BeforeAll
	void start() {
		this.application = new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.registerShutdownHook(false)
			.properties("spring.application.name=order", "spring.datasource.url=" + this.database.create(),
					"outbox.capture-only=true", "spring.jpa.hibernate.ddl-auto=create", "spring.main.banner-mode=off")
			.run();
	}

	@AfterAll
	void close() {
		if (this.application != null) {
			this.application.close();
		}
	}

	@BeforeEach
	void beginWithNothing() {
		for (String table : List.of("outbox", "account", "tally")) {
			jdbc().update("DELETE FROM " + table);
		}
		for (long id : IDS) {
			jdbc().update("INSERT INTO account (id, balance, version) VALUES (?, 0, 0)", id);
			jdbc().update("INSERT INTO tally (id, mark) VALUES (?, 0)", id);
		}
	}

	@ParameterizedTest
	@EnumSource
	void pessimisticLock(FlushModeType mode) throws Exception {
		assertInOrder("SELECT mark FROM tally WHERE id = ?", (id) -> {
			entities().setFlushMode(mode);
			Tally tally = entities().find(Tally.class, id, LockModeType.PESSIMISTIC_WRITE);
			tally.mark(tally.mark() + 1);
			return tally.mark();
		});
	}

	@ParameterizedTest
	@EnumSource
	void version(FlushModeType mode) throws Exception {
		assertAccountsInOrder((id) -> {
			entities().setFlushMode(mode);
			Account account = entities().find(Account.class, id);
			account.deposit(1);
			return account.balance();
		});
	}

	@Test
	void saveAndFlush() throws Exception {
		SimpleJpaRepository<Account, Long> accounts = new SimpleJpaRepository<>(Account.class, entities());
		assertAccountsInOrder((id) -> {
			Account account = accounts.findById(id).orElseThrow();
			entities().detach(account);
			account.deposit(1);
			return accounts.saveAndFlush(account).balance();
		});
	}

	@Test
	void statelessSessionWithVersion() throws Exception {
		assertAccountsInOrder((id) -> {
			try (StatelessSession session = stateless()) {
				Account account = session.get(Account.class, id);
				account.deposit(1);
				session.update(account);
				return account.balance();
			}
		});
	}

	@Test
	void statelessSessionWithPessimisticLock() throws Exception {
		assertInOrder("SELECT mark FROM tally WHERE id = ?", (id) -> {
			try (StatelessSession session = stateless()) {
				Tally tally = session.get(Tally.class, id, LockMode.PESSIMISTIC_WRITE);
				tally.mark(tally.mark() + 1);
				session.update(tally);
				return tally.mark();
			}
		});
	}

	// Here nothing but the flush makes them exclude each other.
	@ParameterizedTest
	@EnumSource
	void lastEventIsThatOfTheLastWriteWhereNobodyLooks(FlushModeType mode) throws Exception {
		for (int round = 1; round <= ROUNDS; round++) {
			int first = round * THREADS;
			together((thread) -> change(1, (id) -> {
				entities().setFlushMode(mode);
				Tally tally = entities().find(Tally.class, id);
				tally.mark(first + thread);
				return tally.mark();
			}, false));
			List<Long> published = published(1);
			assertThat(published).hasSize(round * THREADS);
			assertThat(jdbc().queryForObject("SELECT mark FROM tally WHERE id = 1", Long.class))
				.isEqualTo(published.get(published.size() - 1));
		}
	}

	private void assertAccountsInOrder(LongUnaryOperator change) throws Exception {
		assertInOrder("SELECT balance FROM account WHERE id = ?", change);
	}

	// Every fifth change is taken back.
	private void assertInOrder(String query, LongUnaryOperator change) throws Exception {
		AtomicInteger refused = new AtomicInteger();
		together((thread) -> {
			for (int i = 0; i < CHANGES; i++) {
				refused.addAndGet(change(IDS.get((thread + i) % IDS.size()), change, i % 5 == 0));
			}
		});
		System.out.printf("%s: %d changes, of which %d were refused and tried again%n", this.database,
				THREADS * CHANGES, refused.get());
		long changes = 0;
		for (long id : IDS) {
			Long last = jdbc().queryForObject(query, Long.class, id);
			assertThat(published(id)).as("events of %d", id)
				.isEqualTo(LongStream.rangeClosed(1, (last != null) ? last : 0).boxed().toList());
			changes += (last != null) ? last : 0;
		}
		assertThat(changes).isEqualTo(THREADS * CHANGES * 4 / 5);
	}

	// Answers how often it was refused.
	private int change(long id, LongUnaryOperator change, boolean takenBack) {
		TransactionTemplate transaction = new TransactionTemplate(
				this.application.getBean(PlatformTransactionManager.class));
		OutboxEventPublisher publisher = this.application.getBean(OutboxEventPublisher.class);
		for (int refused = 0;; refused++) {
			try {
				transaction.executeWithoutResult((status) -> {
					publisher.publishEvent(PurchaseEvents.MADE, id, change.applyAsLong(id));
					if (takenBack) {
						status.setRollbackOnly();
					}
				});
				return refused;
			}
			catch (RuntimeException ex) {
				assertThat(DataAccessUtils.translateIfNecessary(ex, TRANSLATOR))
					.isInstanceOf(ConcurrencyFailureException.class);
				assertThat(refused).isLessThan(1000);
			}
		}
	}

	private static void together(Work work) throws Exception {
		ExecutorService executor = Executors.newFixedThreadPool(THREADS);
		try {
			List<Callable<Void>> threads = IntStream.range(0, THREADS).<Callable<Void>>mapToObj((thread) -> () -> {
				work.run(thread);
				return null;
			}).toList();
			for (Future<Void> done : new ArrayList<>(executor.invokeAll(threads, 2, TimeUnit.MINUTES))) {
				done.get();
			}
		}
		finally {
			executor.shutdown();
		}
	}

	// What was published for an aggregate, in the order of ids.
	private List<Long> published(long id) {
		JsonMapper mapper = new JsonMapper();
		return jdbc()
			.queryForList("SELECT payload FROM outbox WHERE partition_key = ? ORDER BY outbox_id", String.class,
					String.valueOf(id))
			.stream()
			.map((event) -> mapper.readTree(event).required("payload").asLong())
			.toList();
	}

	private JdbcTemplate jdbc() {
		return this.application.getBean(JdbcTemplate.class);
	}

	private EntityManager entities() {
		return SharedEntityManagerCreator
			.createSharedEntityManager(this.application.getBean(EntityManagerFactory.class));
	}

	// One that batches, and takes part in the current transaction.
	private StatelessSession stateless() {
		StatelessSession session = entities().unwrap(Session.class).statelessWithOptions().connection().open();
		session.setJdbcBatchSize(10);
		return session;
	}

	/**
	 * What a thread does.
	 */
	@FunctionalInterface
	private interface Work {

		void run(int thread);

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration(exclude = { FlywayAutoConfiguration.class, LiquibaseAutoConfiguration.class })
	static class Application {

	}

}
