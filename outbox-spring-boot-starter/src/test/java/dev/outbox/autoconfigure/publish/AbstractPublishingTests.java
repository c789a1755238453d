package dev.outbox.autoconfigure.publish;

import java.util.List;
import java.util.UUID;

import dev.outbox.OutboxEventPublisher;
import org.junit.jupiter.api.BeforeEach;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the tests of publishing have in common. Events are told apart by their keys.
 */
@SpringBootTest(classes = PublishingApplication.class, webEnvironment = SpringBootTest.WebEnvironment.NONE,
		properties = "spring.application.name=publishing")
abstract class AbstractPublishingTests {

	@Autowired
	private OutboxEventPublisher publisher;

	@Autowired
	private PlatformTransactionManager manager;

	@Autowired
	private JdbcTemplate jdbc;

	@Autowired
	private Handovers handovers;

	@Autowired
	private ApplicationEventPublisher applicationEvents;

	@Autowired
	private ObservedDataSource dataSource;

	@BeforeEach
	void beginWithNothing() {
		this.jdbc.execute("CREATE TABLE IF NOT EXISTS purchase (item VARCHAR(100) PRIMARY KEY)");
		this.jdbc.execute("TRUNCATE TABLE purchase");
		this.jdbc.execute("TRUNCATE TABLE outbox");
		this.handovers.clear();
		this.dataSource.clear();
	}

	OutboxEventPublisher publisher() {
		return this.publisher;
	}

	PlatformTransactionManager manager() {
		return this.manager;
	}

	JdbcTemplate jdbc() {
		return this.jdbc;
	}

	Handovers handovers() {
		return this.handovers;
	}

	ApplicationEventPublisher applicationEvents() {
		return this.applicationEvents;
	}

	ObservedDataSource dataSource() {
		return this.dataSource;
	}

	TransactionTemplate transaction(int propagation) {
		TransactionTemplate template = new TransactionTemplate(this.manager);
		template.setPropagationBehavior(propagation);
		return template;
	}

	void inTransaction(Runnable work) {
		inTransaction(TransactionDefinition.PROPAGATION_REQUIRED, work);
	}

	void inTransaction(int propagation, Runnable work) {
		transaction(propagation).executeWithoutResult((status) -> work.run());
	}

	void inTransactionThatRollsBack(Runnable work) {
		inTransactionThatRollsBack(TransactionDefinition.PROPAGATION_REQUIRED, work);
	}

	void inTransactionThatRollsBack(int propagation, Runnable work) {
		transaction(propagation).executeWithoutResult((status) -> {
			work.run();
			status.setRollbackOnly();
		});
	}

	UUID publish(String key) {
		return this.publisher.publishEvent(PurchaseEvents.MADE, key, new Purchase(key));
	}

	UUID publishManually(String key) {
		return this.publisher.publishManualEvent(PurchaseEvents.MADE, key, new Purchase(key));
	}

	// The business's own change.
	void purchase(String item) {
		this.jdbc.update("INSERT INTO purchase (item) VALUES (?)", item);
	}

	List<String> purchases() {
		return this.jdbc.queryForList("SELECT item FROM purchase ORDER BY item", String.class);
	}

	List<String> stored() {
		return this.jdbc.queryForList("SELECT partition_key FROM outbox ORDER BY outbox_id", String.class);
	}

	void assertPublished(String... keys) {
		assertThat(stored()).containsExactly(keys);
		assertThat(this.handovers.keys()).containsExactly(keys);
	}

	void assertNothingIsPublished() {
		assertPublished();
	}

}
