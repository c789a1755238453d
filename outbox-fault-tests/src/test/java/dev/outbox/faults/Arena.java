package dev.outbox.faults;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.outbox.testsupport.Database;
import dev.outbox.testsupport.DatabaseServer;
import dev.outbox.testsupport.KafkaBroker;
import dev.outbox.testsupport.TcpProxy;
import org.apache.commons.io.FileUtils;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Where instances of the application meet faults: a database and topics of their own, one
 * topic for each fault. The instances outlive a run; what they have been through is part
 * of the next.
 */
final class Arena implements AutoCloseable {

	/**
	 * How long anything may take that does not depend on the outbox.
	 */
	static final Duration PATIENCE = Duration.ofSeconds(90);

	private static final int PARTITIONS = 6;

	private static final int MORE_PARTITIONS = 10;

	private final Servers servers;

	private final DatabaseServer database;

	private final JdbcTemplate jdbc;

	private final String prefix = "faults-" + UUID.randomUUID().toString().substring(0, 8);

	private final Path folder = Files.createTempDirectory("outbox-faults-");

	private final List<Instance> instances = new ArrayList<>();

	private final List<TcpProxy> proxies = new ArrayList<>();

	private String topic = "";

	Arena(Servers servers, Database database, int instances, List<Fault> faults) throws Exception {
		this.servers = servers;
		this.database = servers.database(database);
		String url = this.database.createDatabase();
		this.jdbc = new JdbcTemplate(new DriverManagerDataSource(url));
		this.jdbc.execute("CREATE TABLE ledger (topic VARCHAR(100) NOT NULL, account INTEGER NOT NULL, "
				+ "sequence BIGINT NOT NULL, PRIMARY KEY (topic, account))");
		this.jdbc.execute("CREATE TABLE ledger_entry (event_id VARCHAR(36) PRIMARY KEY, topic VARCHAR(100) NOT NULL, "
				+ "account INTEGER NOT NULL, sequence BIGINT NOT NULL, too_large BOOLEAN NOT NULL, "
				+ "changed_at BIGINT NOT NULL)");
		List<LedgerEventType> types = faults.stream()
			.map((fault) -> LedgerEventType.of(this.prefix, fault.name()))
			.toList();
		for (LedgerEventType type : types) {
			open(type);
		}
		for (int number = 0; number < instances; number++) {
			TcpProxy toDatabase = TcpProxy.start();
			toDatabase.forwardTo(URI.create(url.substring("jdbc:".length())).getPort());
			this.proxies.add(toDatabase);
			Instance instance = new Instance(this.folder, number, servers.toBroker(number), toDatabase, this.prefix);
			instance.configure(Settings.of(this.prefix, instance, url, types));
			this.instances.add(instance);
		}
		// The first one creates the tables.
		this.instances.get(0).start();
		this.instances.stream().skip(1).forEach(Instance::launch);
		this.instances.forEach(Instance::awaitStart);
		awaitMembers();
	}

	private void open(LedgerEventType type) throws Exception {
		this.jdbc.batchUpdate("INSERT INTO ledger VALUES (?, ?, 0)",
				IntStream.range(0, 2 * Ledger.ACCOUNTS)
					.mapToObj((account) -> new Object[] { type.topic(), account })
					.toList());
		this.servers.broker().createTopic(type.topic(), PARTITIONS);
		if (type.name().equals(Fault.POISON.name())) {
			configure(type.topic(), TopicConfig.MAX_MESSAGE_BYTES_CONFIG, String.valueOf(Fault.LARGEST));
		}
		// By the broker's clock, which does not jump.
		configure(type.topic(), TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "LogAppendTime");
	}

	private void configure(String topic, String setting, String value) throws Exception {
		this.servers.admin()
			.incrementalAlterConfigs(Map.of(new ConfigResource(ConfigResource.Type.TOPIC, topic),
					List.of(new AlterConfigOp(new ConfigEntry(setting, value), AlterConfigOp.OpType.SET))))
			.all()
			.get();
	}

	KafkaBroker broker() {
		return this.servers.broker();
	}

	DatabaseServer database() {
		return this.database;
	}

	JdbcTemplate jdbc() {
		return this.jdbc;
	}

	String prefix() {
		return this.prefix;
	}

	// The topic of the present run.
	String topic() {
		return this.topic;
	}

	void publish(Fault fault, long seed) {
		this.topic = LedgerEventType.of(this.prefix, fault.name()).topic();
		for (int number = 0; number < this.instances.size(); number++) {
			this.instances.get(number).publish(fault, seed + 10L * number);
		}
		this.instances.forEach(Instance::awaitObedience);
	}

	// Returns the longest transaction.
	Duration rest() {
		this.instances.forEach(Instance::rest);
		this.instances.forEach(Instance::awaitObedience);
		return this.instances.stream().map(Instance::longestTransaction).max(Duration::compareTo).orElse(Duration.ZERO);
	}

	// Often the one that relays.
	Instance victim(Random random) {
		String relaying = this.jdbc.queryForObject("SELECT locked_by FROM outbox_lock WHERE lock_name = 'relay'",
				String.class);
		Instance any = this.instances.get(random.nextInt(this.instances.size()));
		return random.nextBoolean() ? any
				: this.instances.stream()
					.filter((instance) -> instance.name().equals(relaying))
					.findFirst()
					.orElse(any);
	}

	// One after the other, as an upgrade does it.
	void restartAll() {
		this.instances.forEach(Instance::restart);
	}

	private static boolean isOfNoGroup(Throwable ex) {
		return ex.getCause() instanceof GroupIdNotFoundException;
	}

	// All instances read back.
	private void awaitMembers() {
		String group = this.prefix + "-outbox";
		await().atMost(PATIENCE).ignoreExceptionsMatching(Arena::isOfNoGroup).until(() -> {
			ConsumerGroupDescription described = this.servers.admin()
				.describeConsumerGroups(List.of(group))
				.all()
				.get()
				.values()
				.iterator()
				.next();
			return described.groupState() == GroupState.STABLE && described.members().size() == this.instances.size();
		});
	}

	// One instance, or all.
	List<Instance> some(Random random) {
		Instance victim = victim(random);
		return random.nextBoolean() ? List.of(victim) : this.instances;
	}

	void addPartitions() {
		this.servers.admin()
			.createPartitions(Map.of(this.topic, NewPartitions.increaseTo(MORE_PARTITIONS)))
			.all()
			.toCompletionStage()
			.toCompletableFuture()
			.join();
	}

	void addPoison(Random random) {
		for (int i = 0; i < 20; i++) {
			boolean withoutId = random.nextBoolean();
			this.jdbc.update(
					"INSERT INTO outbox (event_id, event_type, topic, partition_key, payload, headers, created_at) "
							+ "VALUES (?, ?, ?, ?, '{}', ?, ?)",
					withoutId ? "poison-" + i : new UUID(random.nextLong(), i).toString(), Fault.POISON.name(),
					this.topic, String.valueOf(random.nextInt(Ledger.ACCOUNTS)), withoutId ? null : "no JSON",
					Timestamp.from(Instant.parse("2026-01-01T12:00:00Z")));
		}
		try (KafkaProducer<byte[], byte[]> stranger = new KafkaProducer<>(
				Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, broker().bootstrapServers()), new ByteArraySerializer(),
				new ByteArraySerializer())) {
			List<Future<?>> sent = new ArrayList<>();
			for (int i = 0; i < 20; i++) {
				byte[] bytes = new byte[100];
				random.nextBytes(bytes);
				ProducerRecord<byte[], byte[]> message = new ProducerRecord<>(this.topic, bytes,
						random.nextBoolean() ? bytes : null);
				if (random.nextBoolean()) {
					message.headers().add("event-id", bytes).add("outbox-source", bytes);
				}
				sent.add(stranger.send(message));
			}
			stranger.flush();
			sent.forEach((record) -> assertThat(record).succeedsWithin(PATIENCE));
		}
	}

	// How many records the topic of the present run has.
	int countRecords() throws Exception {
		Map<TopicPartition, OffsetSpec> ends = this.servers.admin()
			.describeTopics(List.of(this.topic))
			.allTopicNames()
			.get()
			.values()
			.stream()
			.flatMap((description) -> description.partitions().stream())
			.collect(Collectors.toMap((partition) -> new TopicPartition(this.topic, partition.partition()),
					(partition) -> OffsetSpec.latest()));
		return (int) this.servers.admin()
			.listOffsets(ends)
			.all()
			.get()
			.values()
			.stream()
			.mapToLong(ListOffsetsResult.ListOffsetsResultInfo::offset)
			.sum();
	}

	// Keeps what the instances have printed.
	void writeLogs(Path to) throws IOException {
		for (int number = 0; number < this.instances.size(); number++) {
			Files.createDirectories(to);
			Files.write(to.resolve("instance-%d.log".formatted(number)), this.instances.get(number).log());
		}
	}

	@Override
	public void close() {
		this.instances.forEach(Instance::close);
		this.proxies.forEach(TcpProxy::close);
		FileUtils.deleteQuietly(this.folder.toFile());
	}

}
