package dev.outbox.debezium;

import java.io.StringReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.outbox.OutboxEventPublisher;
import dev.outbox.kafka.KafkaSendChannel;
import dev.outbox.kafka.RecordHeaders;
import dev.outbox.store.RelayStore;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What a connector with the documented settings makes of the events that an application
 * captures, on each database.
 */
@SpringBootTest(classes = AbstractDebeziumTests.Shop.class, webEnvironment = SpringBootTest.WebEnvironment.NONE,
		properties = { "spring.application.name=shop", "outbox.capture-only=true" })
abstract class AbstractDebeziumTests extends OnDatabase {

	private static final int EVENTS = 60;

	@TempDir
	private Path state;

	@Autowired
	private OutboxEventPublisher publisher;

	@Autowired
	private PlatformTransactionManager manager;

	@Autowired
	private RelayStore table;

	@Value("${spring.datasource.url}")
	private String url;

	@BeforeEach
	void beginWithNothing() {
		deleteAll();
		allow(table());
	}

	@AfterEach
	void endWithNothing() {
		forbid();
	}

	@Test
	void whatArrivesIsWhatTheOutboxItselfSends() {
		try (Connector connector = start(settings(table()))) {
			transaction().executeWithoutResult((status) -> {
				publish("1", Map.of("orderId", 1, "names", List.of("Ada", "Gödel \"K\" \\ 日本 🎹")));
				this.publisher.publishEvent(ShopEvents.PAYMENT_PAID, 1, null);
			});
			transaction().executeWithoutResult((status) -> {
				publish("1", "never committed");
				status.setRollbackOnly();
			});
			this.publisher.publishManualEvent(ShopEvents.ORDER_CREATED, "007", " ");
			this.publisher.publishManualEvent(ShopEvents.ORDER_CREATED, "ключ \"k\" 🔑", 12.50);
			this.publisher.publishManualEvent(ShopEvents.PAYMENT_PAID, Long.MIN_VALUE, "x".repeat(500_000));
			assertThat(connector.await(5)).isEqualTo(sentByTheOutbox());
		}
	}

	@Test
	void headersOfAnEventsOwnArriveTogether() throws Exception {
		Properties settings = settings(table());
		settings.load(new StringReader(Documentation.block("Headers of an event's own", "properties")));
		try (Connector connector = start(settings)) {
			this.publisher.publishManualEvent(ShopEvents.ORDER_CREATED, "1", "x",
					new LinkedHashMap<>(Map.of("tenant", "Zoë \"Z\"")));
			this.publisher.publishManualEvent(ShopEvents.ORDER_CREATED, "1", "y");
			List<Message> messages = connector.await(2);
			assertThat(messages).extracting((message) -> message.headers().get(2))
				.containsExactly(new Message.Header("event-headers", "{\"tenant\":\"Zoë \\\"Z\\\"\"}"),
						new Message.Header("event-headers", null));
			assertThat(messages).allSatisfy((message) -> assertThat(message.headers()).extracting(Message.Header::name)
				.containsExactly("event-id", "event-type", "event-headers", "outbox-source"));
		}
	}

	@Test
	void headersOfAnEventsOwnDoNotArriveByThemselves() {
		try (Connector connector = start(settings(table()))) {
			this.publisher.publishManualEvent(ShopEvents.ORDER_CREATED, "1", "x", Map.of("tenant", "Zoë"));
			assertThat(connector.await(1)).singleElement()
				.satisfies((message) -> assertThat(message.headers()).extracting(Message.Header::name)
					.containsExactly("event-id", "event-type", "outbox-source"));
		}
	}

	@Test
	void eventsOfAKeyArriveInTheOrderOfTheirIdsHoweverManyThreadsPublish() {
		jdbc().execute("CREATE TABLE account (id VARCHAR(10) PRIMARY KEY, version INTEGER NOT NULL)");
		jdbc().execute("INSERT INTO account (id, version) VALUES ('0', 0), ('1', 0), ('2', 0)");
		try (Connector connector = start(settings(table()))) {
			IntStream.range(0, 4)
				.mapToObj((thread) -> CompletableFuture.runAsync(() -> changeAccounts(thread)))
				.toList()
				.forEach(CompletableFuture::join);
			Map<String, List<Message>> sent = byKey(sentByTheOutbox());
			assertThat(sent).hasSize(3);
			assertThat(byKey(connector.await(4 * EVENTS))).isEqualTo(sent);
		}
	}

	@Test
	void rowsMayBeDeletedWhileTheConnectorIsDown() {
		try (Connector connector = start(settings(table()))) {
			this.publisher.publishManualEvent(ShopEvents.ORDER_CREATED, "before", "x");
			connector.await(1);
		}
		this.publisher.publishManualEvent(ShopEvents.ORDER_CREATED, "meanwhile", "x");
		deleteAll();
		try (Connector connector = start(settings(table()))) {
			this.publisher.publishManualEvent(ShopEvents.ORDER_CREATED, "after", "x");
			assertThat(connector.awaitKey("after")).extracting(Message::key)
				.as("an event may come again after a restart")
				.filteredOn((key) -> !"before".equals(key))
				.containsExactly("meanwhile", "after");
		}
	}

	@Test
	void rowsThatAreThereAtTheStartArriveInTheOrderOfTheirIds() {
		publishTogether("gone");
		publishTogether("1");
		jdbc().update("DELETE FROM outbox WHERE partition_key = 'gone'");
		reclaim();
		publishTogether("1");
		try (Connector connector = start(settings(table()))) {
			assertThat(connector.await(2 * EVENTS)).isEqualTo(sentByTheOutbox());
		}
	}

	@Test
	void tableMayHaveASchemaAndAPrefix() {
		Table other = new Table(otherSchema(), "shop_outbox");
		SpringApplicationBuilder application = new SpringApplicationBuilder(Shop.class).web(WebApplicationType.NONE)
			.properties("spring.application.name=shop", "outbox.capture-only=true",
					"outbox.schema.name=" + other.schema(), "outbox.schema.table-prefix=shop_",
					"spring.datasource.url=" + this.url);
		try (ConfigurableApplicationContext context = application.run()) {
			forbid();
			allow(other);
			OutboxEventPublisher publisher = context.getBean(OutboxEventPublisher.class);
			publisher.publishManualEvent(ShopEvents.ORDER_CREATED, "before", "x");
			try (Connector connector = start(settings(other))) {
				connector.await(1);
				publisher.publishManualEvent(ShopEvents.PAYMENT_PAID, "after", "x");
				assertThat(connector.await(2)).isEqualTo(sentByTheOutbox(context.getBean(RelayStore.class)));
			}
		}
	}

	@Test
	void placeInTheLogMovesWhileNothingIsPublished() throws Exception {
		Properties settings = settings(table());
		settings.load(new StringReader(Documentation.block("While nothing is published", "properties")));
		assertThat(settings.replace("heartbeat.interval.ms", "50")).isEqualTo("60000");
		jdbc().execute("CREATE TABLE other (id INTEGER PRIMARY KEY)");
		try (Connector connector = start(settings)) {
			this.publisher.publishManualEvent(ShopEvents.ORDER_CREATED, "1", "x");
			connector.awaitKey("1");
			String end = endOfTheLog();
			AtomicInteger others = new AtomicInteger();
			await().atMost(Duration.ofSeconds(30)).until(() -> {
				jdbc().update("INSERT INTO other (id) VALUES (?)", others.incrementAndGet());
				return hasPassed(connector, end);
			});
		}
	}

	@Test
	void housekeepingDeletesWhatIsOld() {
		for (String key : List.of("old", "older", "new")) {
			this.publisher.publishManualEvent(ShopEvents.ORDER_CREATED, key, "x");
		}
		jdbc().update("UPDATE outbox SET created_at = created_at - INTERVAL '25' HOUR WHERE partition_key LIKE 'old%'");
		run(Documentation.block("Deleting on " + section(), "sql"));
		assertThat(jdbc().queryForList("SELECT partition_key FROM outbox", String.class)).containsExactly("new");
	}

	private void changeAccounts(int thread) {
		for (int i = 0; i < EVENTS / 2; i++) {
			String account = Integer.toString((thread + i) % 3);
			transaction().executeWithoutResult((status) -> {
				jdbc().update("UPDATE account SET version = version + 1 WHERE id = ?", account);
				publish(account,
						jdbc().queryForObject("SELECT version FROM account WHERE id = ?", Integer.class, account));
				publish(account, thread);
			});
		}
	}

	private List<Message> sentByTheOutbox() {
		return sentByTheOutbox(this.table);
	}

	private static List<Message> sentByTheOutbox(RelayStore table) {
		MockProducer<byte[], byte[]> producer = new MockProducer<>(true, null, new ByteArraySerializer(),
				new ByteArraySerializer());
		KafkaSendChannel channel = new KafkaSendChannel(producer, new RecordHeaders("shop"));
		table.page(0, Long.MAX_VALUE, 1000)
			.forEach((stored) -> channel.send(stored.event(), 0, true, (failure) -> assertThat(failure).isNull()));
		return producer.history().stream().map(Message::of).toList();
	}

	private static Map<String, List<Message>> byKey(Collection<Message> messages) {
		return messages.stream().collect(Collectors.groupingBy((message) -> String.valueOf(message.key())));
	}

	private Connector start(Properties settings) {
		return Connector.start(settings, this.state);
	}

	private void publishTogether(String key) {
		transaction().executeWithoutResult((status) -> IntStream.range(0, EVENTS).forEach((i) -> publish(key, i)));
	}

	private void publish(String key, @Nullable Object payload) {
		this.publisher.publishEvent(ShopEvents.ORDER_CREATED, key, payload);
	}

	private void deleteAll() {
		jdbc().update("DELETE FROM outbox");
	}

	private TransactionTemplate transaction() {
		return new TransactionTemplate(this.manager);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Shop {

	}

}
