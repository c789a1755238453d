package example.shop.broker;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;

import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;

/**
 * A Kafka broker, and the controller it needs, in this JVM. What it stores outlives it.
 */
final class EmbeddedBroker implements KafkaConnectionDetails {

	private static final Logger log = LoggerFactory.getLogger(EmbeddedBroker.class);

	private final Path folder;

	private final int port;

	private @Nullable KafkaRaftServer server;

	EmbeddedBroker(Path folder, int port) {
		this.folder = folder.toAbsolutePath();
		this.port = port;
	}

	@Override
	public List<String> getBootstrapServers() {
		return List.of("localhost:" + this.port);
	}

	void start() {
		Properties settings = settings();
		if (!Files.exists(this.folder.resolve("meta.properties"))) {
			format(settings);
		}
		this.server = new KafkaRaftServer(new KafkaConfig(settings, false), Time.SYSTEM);
		this.server.startup();
		log.info("A Kafka broker runs in this JVM and listens at {}; its data is in {}", getBootstrapServers().get(0),
				this.folder);
	}

	void stop() {
		if (this.server != null) {
			this.server.shutdown();
			this.server.awaitShutdown();
		}
	}

	private Properties settings() {
		int controllerPort = Ports.freeBeside(this.port);
		Properties settings = new Properties();
		settings.setProperty("process.roles", "broker,controller");
		settings.setProperty("node.id", "1");
		settings.setProperty("controller.quorum.voters", "1@localhost:" + controllerPort);
		settings.setProperty("controller.listener.names", "CONTROLLER");
		settings.setProperty("listeners",
				"PLAINTEXT://localhost:%d,CONTROLLER://localhost:%d".formatted(this.port, controllerPort));
		settings.setProperty("log.dirs", this.folder.toString());
		settings.setProperty("auto.create.topics.enable", "false");
		settings.setProperty("group.initial.rebalance.delay.ms", "0");
		settings.setProperty("offsets.topic.num.partitions", "3");
		settings.setProperty("offsets.topic.replication.factor", "1");
		settings.setProperty("transaction.state.log.replication.factor", "1");
		settings.setProperty("transaction.state.log.min.isr", "1");
		settings.setProperty("log.cleaner.dedupe.buffer.size", "2097152");
		// A broker that was killed may come back at once.
		settings.setProperty("broker.heartbeat.interval.ms", "300");
		settings.setProperty("broker.session.timeout.ms", "1500");
		return settings;
	}

	private void format(Properties settings) {
		ByteArrayOutputStream output = new ByteArrayOutputStream();
		try {
			Path file = Files.createDirectories(this.folder).resolve("server.properties");
			try (Writer writer = Files.newBufferedWriter(file)) {
				settings.store(writer, null);
			}
			int status = StorageTool.execute(new String[] { "format", "--cluster-id", Uuid.randomUuid().toString(),
					"--config", file.toString() }, new PrintStream(output, true, StandardCharsets.UTF_8));
			if (status != 0) {
				throw new IllegalStateException(
						"Cannot format " + this.folder + ": " + output.toString(StandardCharsets.UTF_8));
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Cannot format " + this.folder, ex);
		}
	}

}
