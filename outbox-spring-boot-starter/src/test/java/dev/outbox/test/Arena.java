package dev.outbox.test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

import dev.outbox.OutboxMonitor;
import dev.outbox.testsupport.KafkaBroker;
import dev.outbox.testsupport.TopicReader;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A database, a broker and a topic in which instances of the ledger application are let
 * loose, and judged by what arrives.
 */
final class Arena implements AutoCloseable {

	static final Duration PATIENCE = Duration.ofSeconds(90);

	final String jdbcUrl;

	final KafkaBroker broker;

	private final String topic = "ledger." + UUID.randomUUID();

	private final List<String> settings = new ArrayList<>();

	private final List<ConfigurableApplicationContext> instances = new ArrayList<>();

	Arena(String jdbcUrl, KafkaBroker broker, String... settings) {
		this.jdbcUrl = jdbcUrl;
		this.broker = broker;
		this.settings.addAll(List.of("outbox.source=" + this.topic, "ledger.topic=" + this.topic));
		this.settings.addAll(List.of(settings));
		broker.createTopic(this.topic, 6);
	}

	static String h2() {
		return "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";
	}

	String topic() {
		return this.topic;
	}

	String[] settings() {
		return this.settings.toArray(String[]::new);
	}

	// Of a program in a JVM of its own.
	List<String> arguments(String... first) {
		return Stream.of(first, settings()).flatMap(Stream::of).toList();
	}

	ConfigurableApplicationContext start() {
		return start(this.broker.bootstrapServers());
	}

	// Another application, with tables of its own.
	ConfigurableApplicationContext startOther(String jdbcUrl, String... properties) {
		ConfigurableApplicationContext other = LedgerApplication.start(jdbcUrl, this.broker.bootstrapServers(),
				Stream.of(settings(), properties).flatMap(Stream::of).toArray(String[]::new));
		this.instances.add(other);
		return other;
	}

	ConfigurableApplicationContext start(String bootstrapServers) {
		ConfigurableApplicationContext instance = LedgerApplication.start(this.jdbcUrl, bootstrapServers, settings());
		this.instances.add(instance);
		return instance;
	}

	// Waits until everything has arrived and the table is empty, and asserts that nothing
	// was lost, made up or reordered.
	Audit judge(ConfigurableApplicationContext instance) {
		Map<Integer, Long> committed = instance.getBean(Ledger.class).sequences();
		int count = (int) committed.values().stream().mapToLong(Long::longValue).sum();
		try (TopicReader reader = TopicReader.read(this.broker.bootstrapServers(), this.topic)) {
			reader.await(count, PATIENCE);
			await().atMost(PATIENCE).until(() -> instance.getBean(OutboxMonitor.class).status().pending() == 0);
			Audit audit = Audit.of(reader.await(count, PATIENCE), committed);
			System.out.printf("%d events, %d duplicates, %d lost, %d phantoms, %d reordered%n", count,
					audit.duplicates(), audit.lost().size(), audit.phantoms().size(), audit.reordered().size());
			assertThat(audit.lost()).isEmpty();
			assertThat(audit.phantoms()).isEmpty();
			assertThat(audit.reordered()).isEmpty();
			return audit;
		}
	}

	@Override
	public void close() {
		this.instances.forEach(ConfigurableApplicationContext::close);
	}

	/**
	 * Set how large the records of a topic may be.
	 * @param topic the topic
	 * @param bytes the largest size
	 * @throws Exception if it cannot be set
	 */
	static void setLargestRecord(String topic, String bytes) throws Exception {
		try (Admin admin = Admin.create(Map.of("bootstrap.servers", KafkaBroker.shared().bootstrapServers()))) {
			admin
				.incrementalAlterConfigs(
						Map.of(new ConfigResource(ConfigResource.Type.TOPIC, topic),
								List.of(new AlterConfigOp(new ConfigEntry("max.message.bytes", bytes),
										AlterConfigOp.OpType.SET))))
				.all()
				.get();
		}
	}

}
