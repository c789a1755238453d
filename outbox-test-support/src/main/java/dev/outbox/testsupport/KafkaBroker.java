package dev.outbox.testsupport;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AccessControlEntryFilter;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourcePatternFilter;
import org.apache.kafka.common.resource.ResourceType;
import org.jspecify.annotations.Nullable;

/**
 * A Kafka broker in a process of its own, which a test can stop, kill, pause and start
 * again on the same port with the same data.
 */
public final class KafkaBroker implements Server, AutoCloseable {

	private static final Duration START = Duration.ofSeconds(60);

	private static @Nullable KafkaBroker shared;

	private final KafkaFolder folder;

	private volatile ChildJvm process;

	private KafkaBroker(KafkaFolder folder) {
		this.folder = folder;
		this.process = launch(folder);
	}

	private static ChildJvm launch(KafkaFolder folder) {
		return ChildJvm.start("kafka.Kafka", ClassPath.ofThisJvm().librariesWithLogback(),
				List.of("-Xmx384m", "-XX:+UseSerialGC", "-Dlogback.configurationFile=" + folder.logging()),
				List.of(folder.settings().toString()));
	}

	/**
	 * Start a broker with no data on a free port and wait until it answers.
	 * @return the broker
	 * @throws IllegalStateException if it does not come up, with the end of its log
	 */
	public static KafkaBroker start() {
		return start(List.of());
	}

	/**
	 * Start a broker that clients can also reach through proxies. A client that has come
	 * through one of them is told to use that one.
	 * @param proxies the proxies, which get the broker as their server
	 * @return the broker
	 * @throws IllegalStateException if it does not come up, with the end of its log
	 */
	public static KafkaBroker start(List<TcpProxy> proxies) {
		KafkaBroker broker = new KafkaBroker(KafkaFolder.create(proxies));
		Runtime.getRuntime().addShutdownHook(new Thread(broker::close));
		broker.awaitStart();
		return broker;
	}

	/**
	 * The one broker for all tests of this JVM that do it no harm, started by the first
	 * call and closed when the JVM ends.
	 * @return the broker
	 */
	public static synchronized KafkaBroker shared() {
		if (shared == null) {
			shared = start();
		}
		return shared;
	}

	/**
	 * The address for clients, which stays the same for the life of this object.
	 * @return host and port
	 */
	public String bootstrapServers() {
		return "localhost:" + this.folder.port();
	}

	/**
	 * Create a topic and wait until its partitions can be written and read.
	 * @param name the topic's name
	 * @param partitions how many partitions it has
	 */
	public void createTopic(String name, int partitions) {
		try (Admin admin = admin()) {
			await(admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1))).all());
			Map<TopicPartition, OffsetSpec> ends = IntStream.range(0, partitions)
				.boxed()
				.collect(Collectors.toMap((number) -> new TopicPartition(name, number),
						(number) -> OffsetSpec.latest()));
			if (!Wait.until(START, () -> isUsable(admin, ends))) {
				throw new IllegalStateException("Topic " + name + " was created but cannot be used");
			}
		}
	}

	// A new topic is known to the controller before it is known to the broker.
	private static boolean isUsable(Admin admin, Map<TopicPartition, OffsetSpec> ends) {
		try {
			await(admin.listOffsets(ends).all());
			return true;
		}
		catch (CompletionException ex) {
			return false;
		}
	}

	/**
	 * Forbid an operation, and allow all others.
	 * @param type what it is about
	 * @param name the name of the topic or group
	 * @param operation what nobody may do with it
	 */
	public void deny(ResourceType type, String name, AclOperation operation) {
		ResourcePattern resource = new ResourcePattern(type, name, PatternType.LITERAL);
		try (Admin admin = admin()) {
			await(admin.createAcls(List.of(new AclBinding(resource, anybody(AclOperation.ALL, AclPermissionType.ALLOW)),
					new AclBinding(resource, anybody(operation, AclPermissionType.DENY))))
				.all());
		}
	}

	/**
	 * Allow everything again.
	 * @param type what it is about
	 * @param name the name of the topic or group
	 */
	public void allow(ResourceType type, String name) {
		try (Admin admin = admin()) {
			await(admin
				.deleteAcls(List.of(new AclBindingFilter(new ResourcePatternFilter(type, name, PatternType.LITERAL),
						AccessControlEntryFilter.ANY)))
				.all());
		}
	}

	private static AccessControlEntry anybody(AclOperation operation, AclPermissionType permission) {
		return new AccessControlEntry("User:*", "*", operation, permission);
	}

	private Admin admin() {
		return Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers()));
	}

	private static void await(KafkaFuture<?> future) {
		future.toCompletionStage().toCompletableFuture().join();
	}

	/**
	 * Shut the broker down in an orderly way.
	 */
	public void stop() {
		this.process.stop();
	}

	@Override
	public void kill() {
		this.process.kill();
	}

	@Override
	public void restart() {
		stop();
		this.process.close();
		this.process = launch(this.folder);
		awaitStart();
	}

	private void awaitStart() {
		this.process.awaitLine("Kafka Server started", START);
	}

	@Override
	public void pause() {
		this.process.pause();
	}

	@Override
	public void resume() {
		this.process.resume();
	}

	@Override
	public Duration cpu() {
		return this.process.cpu();
	}

	/**
	 * Kill the broker and delete its data.
	 */
	@Override
	public void close() {
		this.process.close();
		this.folder.delete();
	}

}
