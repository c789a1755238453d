package dev.outbox.autoconfigure.publish;

import java.util.UUID;

import javax.sql.DataSource;

import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.orm.jpa.SharedEntityManagerCreator;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the tests of publishing in the transactions of JPA have in common.
 */
@SpringBootTest(classes = JpaApplication.class, webEnvironment = SpringBootTest.WebEnvironment.NONE,
		properties = { "spring.application.name=publishing", "spring.jpa.hibernate.ddl-auto=create" })
abstract class AbstractJpaTests extends AbstractPublishingTests {

	@Autowired
	private EntityManagerFactory factory;

	EntityManager entities() {
		return SharedEntityManagerCreator.createSharedEntityManager(this.factory);
	}

	@BeforeEach
	void openAccounts() {
		assertThat(manager()).isInstanceOf(JpaTransactionManager.class);
		jdbc().execute("DELETE FROM account");
		jdbc().update("INSERT INTO account (id, balance, version) VALUES (1, 0, 0), (2, 0, 0)");
		dataSource().clear();
	}

	@AfterEach
	void listenNoMore() {
		Account.Listener.clear();
	}

	void deposit(long id) {
		entities().find(Account.class, id).deposit(1);
	}

	long balance(long id) {
		Long balance = jdbc().queryForObject("SELECT balance FROM account WHERE id = ?", Long.class, id);
		return (balance != null) ? balance : -1;
	}

	void refuse(String key, Runnable work) {
		jdbc().execute("ALTER TABLE outbox ADD CONSTRAINT refused CHECK (partition_key <> '" + key + "')");
		try {
			work.run();
		}
		finally {
			jdbc().execute("ALTER TABLE outbox DROP CONSTRAINT refused");
		}
	}

	static String verb(String sql) {
		String[] words = sql.split(" ");
		return words[0] + " " + words[1];
	}

	static DataSource otherDatabase() {
		JdbcDataSource dataSource = new JdbcDataSource();
		dataSource.setURL("jdbc:h2:mem:" + UUID.randomUUID());
		return dataSource;
	}

}
