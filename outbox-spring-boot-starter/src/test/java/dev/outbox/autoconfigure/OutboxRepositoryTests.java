package dev.outbox.autoconfigure;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import java.util.UUID;
import java.util.function.Consumer;

import javax.sql.DataSource;

import dev.outbox.OutboxEventPublisher;
import dev.outbox.autoconfigure.jpa.main.Shop;
import dev.outbox.jpa.Outbox;
import dev.outbox.jpa.OutboxRepository;
import dev.outbox.publish.EventTypes;
import dev.outbox.testsupport.Database;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.jpa.autoconfigure.DataJpaRepositoriesAutoConfiguration;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.data.domain.Limit;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.orm.jpa.SharedEntityManagerCreator;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.within;

/**
 * The outbox as it is queried by JPA.
 */
@ParameterizedClass
@EnumSource
class OutboxRepositoryTests {

	private static final Limit ALL = Limit.unlimited();

	private static final TimeZone TIME_ZONE = TimeZone.getDefault();

	private final Database database;

	private final ApplicationContextRunner runner;

	OutboxRepositoryTests(Database database) {
		this.database = database;
		this.runner = OutboxContexts.withOutbox()
			.withConfiguration(AutoConfigurations.of(HibernateJpaAutoConfiguration.class,
					DataJpaRepositoriesAutoConfiguration.class))
			.withUserConfiguration(Shop.class)
			.withPropertyValues("spring.datasource.url=" + database.create(), "outbox.event-types.MADE=purchase.made",
					"outbox.event-types.PAID=purchase.paid");
	}

	@AfterEach
	void returnToTheTimeZone() {
		TimeZone.setDefault(TIME_ZONE);
	}

	@ParameterizedTest
	@ValueSource(strings = { "UTC", "Asia/Kolkata", "America/New_York" })
	void everyColumnIsReadWhateverTheTimeZone(String timeZone) {
		TimeZone.setDefault(TimeZone.getTimeZone(timeZone));
		run((context) -> {
			String payload = "größer 😀 ".repeat(20_000);
			UUID id = publish(context, "MADE", "ключ", payload, Map.of("tenant", "größe"));
			assertThat(outbox(context).findByEventId(id)).hasValueSatisfying((event) -> {
				assertThat(event.getId()).isPositive();
				assertThat(event.getEventId()).isEqualTo(id);
				assertThat(event.getEventType()).isEqualTo("MADE");
				assertThat(event.getTopic()).isEqualTo("purchase.made");
				assertThat(event.getPartitionKey()).isEqualTo("ключ");
				assertThat(event.getPayload()).contains(id.toString(), payload);
				assertThat(event.getHeaders()).isEqualTo("{\"tenant\":\"größe\"}");
				assertThat(event.getCreatedAt()).isCloseTo(Instant.now(), within(1, ChronoUnit.MINUTES));
			});
		});
	}

	@Test
	void eventWithoutHeadersHasNone() {
		run((context) -> assertThat(outbox(context).findByEventId(publish(context, "MADE", "a")))
			.hasValueSatisfying((event) -> assertThat(event.getHeaders()).isNull()));
	}

	@Test
	void eventThatIsNotPendingIsNotFound() {
		run((context) -> {
			publish(context, "MADE", "a");
			assertThat(outbox(context).findByEventId(UUID.randomUUID())).isEmpty();
		});
	}

	@Test
	void eventsAreListedPageByPage() {
		run((context) -> {
			for (String key : List.of("a", "b", "a", "b", "a")) {
				publish(context, "MADE", key);
			}
			publish(context, "PAID", "a");
			OutboxRepository outbox = outbox(context);
			List<Long> ids = ids(outbox.findAll(0, ALL));
			assertThat(ids).hasSize(6).isSorted();
			assertThat(ids(outbox.findAll(ids.get(3), Limit.of(1)))).containsExactly(ids.get(4));
			assertThat(ids(outbox.findByPartitionKey("a", 0, Limit.of(2)))).containsExactly(ids.get(0), ids.get(2));
			assertThat(ids(outbox.findByPartitionKey("a", ids.get(2), Limit.of(9)))).containsExactly(ids.get(4),
					ids.get(5));
			assertThat(ids(outbox.findByTopic("purchase.made", ids.get(1), Limit.of(2)))).containsExactly(ids.get(2),
					ids.get(3));
			assertThat(ids(outbox.findByTopic("purchase.paid", 0, ALL))).containsExactly(ids.get(5));
			assertThat(outbox.count()).isEqualTo(6);
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "UTC", "Asia/Kolkata", "America/New_York" })
	void eventsAreListedByAgeWhateverTheTimeZone(String timeZone) {
		TimeZone.setDefault(TimeZone.getTimeZone(timeZone));
		run((context) -> {
			for (String key : List.of("a", "b", "c", "d")) {
				publish(context, "MADE", key);
			}
			OutboxRepository outbox = outbox(context);
			List<Outbox> all = outbox.findAll(0, ALL);
			Instant last = all.get(3).getCreatedAt();
			List<Long> older = ids(all.stream().filter((event) -> event.getCreatedAt().isBefore(last)).toList());
			assertThat(older).isNotEmpty().doesNotContain(all.get(3).getId());
			assertThat(ids(outbox.findByCreatedAtBefore(last, 0, ALL))).isEqualTo(older);
			assertThat(ids(outbox.findByCreatedAtBefore(last.plusMillis(1), 0, ALL))).isEqualTo(ids(all));
			assertThat(ids(outbox.findByCreatedAtBefore(last.plusMillis(1), all.get(1).getId(), Limit.of(1))))
				.containsExactly(all.get(2).getId());
		});
	}

	@Test
	void eventsCannotBeChangedByTheirEntities() {
		run((context) -> {
			UUID id = publish(context, "MADE", "a");
			EntityManager entities = SharedEntityManagerCreator
				.createSharedEntityManager(context.getBean(EntityManagerFactory.class));
			assertThat(entities.createQuery("SELECT o.eventId FROM OutboxRow o", UUID.class).getResultList())
				.containsExactly(id);
			assertRefused(context, () -> entities.remove(outbox(context).findByEventId(id).orElseThrow()));
			assertRefused(context, () -> entities.createQuery("DELETE FROM OutboxRow").executeUpdate());
			assertRefused(context, () -> entities.createQuery("UPDATE OutboxRow SET topic = 'x'").executeUpdate());
			assertThat(outbox(context).findByEventId(id))
				.hasValueSatisfying((event) -> assertThat(event.getTopic()).isEqualTo("purchase.made"));
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "validate", "create-drop" })
	void tableIsFoundBySchemaAndPrefix(String ddl) {
		String schema = "Sales" + System.nanoTime();
		ApplicationContextRunner named = this.runner.withPropertyValues("spring.jpa.hibernate.ddl-auto=create",
				"outbox.schema.table-prefix=shop_");
		run(named, (context) -> publish(context, "MADE", "a"));
		ApplicationContextRunner inSchema = named.withPropertyValues("outbox.schema.name=" + schema);
		run(inSchema, (context) -> {
			publish(context, "PAID", "b");
			publish(context, "PAID", "b");
			assertThat(outbox(context).findByTopic("purchase.paid", 0, ALL)).hasSize(2);
		});
		run(inSchema.withPropertyValues("spring.jpa.hibernate.ddl-auto=" + ddl), (context) -> {
			assertThat(outbox(context).count()).isEqualTo(2);
			new JdbcTemplate(context.getBean(DataSource.class)).execute(this.database.dropSchema(schema));
		});
		run(named, (context) -> assertThat(outbox(context).findAll(0, ALL)).singleElement()
			.satisfies((event) -> assertThat(event.getPartitionKey()).isEqualTo("a")));
	}

	private void run(Consumer<ApplicationContext> test) {
		run(this.runner, test);
	}

	private static void run(ApplicationContextRunner runner, Consumer<ApplicationContext> test) {
		runner.run((context) -> {
			assertThat(context).hasNotFailed();
			test.accept(context);
		});
	}

	private static OutboxRepository outbox(ApplicationContext context) {
		return context.getBean(OutboxRepository.class);
	}

	private static UUID publish(ApplicationContext context, String type, String key) {
		return publish(context, type, key, key, Map.of());
	}

	private static UUID publish(ApplicationContext context, String type, String key, String payload,
			Map<String, String> headers) {
		return context.getBean(OutboxEventPublisher.class)
			.publishManualEvent(context.getBean(EventTypes.class).get(type), key, payload, headers);
	}

	private static void assertRefused(ApplicationContext context, Runnable work) {
		TransactionTemplate transaction = new TransactionTemplate(context.getBean(PlatformTransactionManager.class));
		assertThatException().isThrownBy(() -> transaction.executeWithoutResult((status) -> work.run()));
	}

	private static List<Long> ids(List<Outbox> events) {
		return events.stream().map(Outbox::getId).toList();
	}

}
