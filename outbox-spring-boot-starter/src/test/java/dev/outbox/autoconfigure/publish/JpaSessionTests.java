package dev.outbox.autoconfigure.publish;

import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.LockModeType;
import org.hibernate.FlushMode;
import org.hibernate.Session;
import org.hibernate.SessionFactory;
import org.hibernate.StatelessSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.orm.jpa.EntityManagerHolder;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.orm.jpa.hibernate.HibernateTransactionManager;
import org.springframework.orm.jpa.hibernate.SharedSessionCreator;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whichever way a session takes part in the transaction, what it changes is written
 * before events draw their ids, and what it would not write is not written.
 */
@Import(JpaSessionTests.Configuration.class)
class JpaSessionTests extends AbstractJpaTests {

	@Autowired
	private EntityManagerFactory factory;

	@Autowired
	private HibernateTransactionManager hibernateManager;

	@BeforeEach
	void witness() {
		jdbc().execute("CREATE TRIGGER IF NOT EXISTS witness BEFORE INSERT ON outbox CALL '%s'"
			.formatted(Witness.class.getName()));
		Witness.SEEN.clear();
	}

	private StatelessSession shared() {
		return SharedSessionCreator.createSharedStatelessSession(this.factory.unwrap(SessionFactory.class));
	}

	private void depositBy(StatelessSession session) {
		Account account = session.get(Account.class, 1L);
		account.deposit(1);
		session.update(account);
	}

	private static void in(PlatformTransactionManager manager, Runnable work) {
		new TransactionTemplate(manager).executeWithoutResult((status) -> work.run());
	}

	private void assertWrittenFirst() {
		assertThat(Witness.SEEN).containsExactly(1L);
		assertPublished("a");
		assertThat(balance(1)).isOne();
	}

	@Nested
	class Stateless {

		@Test
		void sharedSessionOfAHibernateTransactionWritesAtOnce() {
			in(JpaSessionTests.this.hibernateManager, () -> {
				publish("a");
				depositBy(shared());
			});
			assertWrittenFirst();
		}

		@Test
		void sharedSessionOfAHibernateTransactionThatBatchesWritesAtOnce() {
			in(JpaSessionTests.this.hibernateManager, () -> {
				shared().setJdbcBatchSize(10);
				publish("a");
				depositBy(shared());
			});
			assertWrittenFirst();
		}

		@Test
		void derivedSessionThatBatchesWritesAtOnce() {
			in(manager(), () -> {
				StatelessSession session = entities().unwrap(Session.class).statelessWithOptions().connection().open();
				session.setJdbcBatchSize(10);
				publish("a");
				depositBy(session);
			});
			assertWrittenFirst();
		}

		@Test
		void sessionOnTheTransactionsConnectionWritesAtOnce() {
			in(manager(), () -> {
				StatelessSession session = JpaSessionTests.this.factory.unwrap(SessionFactory.class)
					.openStatelessSession(DataSourceUtils.getConnection(dataSource()));
				publish("a");
				depositBy(session);
			});
			assertWrittenFirst();
		}

	}

	@Nested
	class Stateful {

		@Test
		void derivedSessionIsFlushed() {
			in(manager(), () -> {
				Session session = entities().unwrap(Session.class).sessionWithOptions().connection().openSession();
				session.find(Account.class, 1L).deposit(1);
				publish("a");
			});
			assertWrittenFirst();
		}

		@Test
		void sessionOfHibernatesTransactionManagerIsFlushed() {
			in(JpaSessionTests.this.hibernateManager, () -> {
				deposit(1);
				publish("a");
			});
			assertWrittenFirst();
		}

		@Test
		void sessionThatWasBoundBeforeTheTransactionIsFlushed() {
			try (EntityManager early = JpaSessionTests.this.factory.createEntityManager()) {
				TransactionSynchronizationManager.bindResource(JpaSessionTests.this.factory,
						new EntityManagerHolder(early));
				in(manager(), () -> {
					deposit(1);
					publish("a");
				});
			}
			finally {
				TransactionSynchronizationManager.unbindResource(JpaSessionTests.this.factory);
			}
			assertWrittenFirst();
		}

		@Test
		void versionThatTheCommitIncrementsIsWritten() {
			in(manager(), () -> {
				entities().find(Account.class, 1, LockModeType.OPTIMISTIC_FORCE_INCREMENT);
				publish("a");
			});
			assertPublished("a");
			assertThat(jdbc().queryForObject("SELECT version FROM account WHERE id = 1", Long.class)).isOne();
		}

		@Test
		void whatIsFlushedByHandAloneIsNotFlushed() {
			in(manager(), () -> {
				entities().unwrap(Session.class).setHibernateFlushMode(FlushMode.MANUAL);
				deposit(1);
				publish("a");
			});
			assertPublished("a");
			assertThat(balance(1)).isZero();
		}

	}

	@TestConfiguration(proxyBeanMethods = false)
	static class Configuration {

		@Bean
		@Primary
		JpaTransactionManager jpaManager(EntityManagerFactory factory) {
			return new JpaTransactionManager(factory);
		}

		@Bean
		HibernateTransactionManager hibernateManager(EntityManagerFactory factory) {
			return new HibernateTransactionManager(factory.unwrap(SessionFactory.class));
		}

	}

}
