package dev.outbox.testsupport;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.apache.commons.io.FileUtils;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.metadata.storage.Formatter;

/**
 * The folder of a {@link KafkaBroker} with its settings and its data, which outlives the
 * broker's process.
 *
 * @param path the folder
 * @param port the port for clients
 */
record KafkaFolder(Path path, int port) {

	private static final String SETTINGS = """
			node.id=1
			process.roles=broker,controller
			listeners=PLAINTEXT://localhost:%1$d,CONTROLLER://localhost:%2$d%4$s
			advertised.listeners=PLAINTEXT://localhost:%1$d%5$s
			listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT%6$s
			controller.listener.names=CONTROLLER
			controller.quorum.voters=1@localhost:%2$d
			log.dirs=%3$s
			num.partitions=1
			auto.create.topics.enable=false
			default.replication.factor=1
			offsets.topic.replication.factor=1
			offsets.topic.num.partitions=5
			transaction.state.log.replication.factor=1
			transaction.state.log.min.isr=1
			transaction.state.log.num.partitions=5
			share.coordinator.state.topic.replication.factor=1
			share.coordinator.state.topic.min.isr=1
			share.coordinator.state.topic.num.partitions=5
			group.initial.rebalance.delay.ms=0
			broker.session.timeout.ms=1500
			broker.heartbeat.interval.ms=300
			log.cleaner.dedupe.buffer.size=4194304
			authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
			allow.everyone.if.no.acl.found=true
			""";

	private static final String LOGGING = """
			<configuration>
				<appender name="console" class="ch.qos.logback.core.ConsoleAppender">
					<encoder>
						<pattern>%d{HH:mm:ss.SSS} %-5level %logger{0} %msg%n</pattern>
					</encoder>
				</appender>
				<logger name="org.apache.kafka.common.config" level="warn"/>
				<root level="info">
					<appender-ref ref="console"/>
				</root>
			</configuration>
			""";

	/**
	 * Create the folder of a broker that was never started.
	 * @param proxies proxies through which clients can reach it, too
	 * @return the folder
	 */
	static KafkaFolder create(List<TcpProxy> proxies) {
		try {
			KafkaFolder folder = new KafkaFolder(Files.createTempDirectory("outbox-kafka-"), FreePort.find());
			String data = folder.path.resolve("data").toString();
			StringBuilder listeners = new StringBuilder();
			StringBuilder advertised = new StringBuilder();
			StringBuilder protocols = new StringBuilder();
			for (TcpProxy proxy : proxies) {
				int port = FreePort.find();
				proxy.forwardTo(port);
				listeners.append(",PROXY%d://localhost:%d".formatted(proxy.port(), port));
				advertised.append(",PROXY%1$d://localhost:%1$d".formatted(proxy.port()));
				protocols.append(",PROXY%d:PLAINTEXT".formatted(proxy.port()));
			}
			Files.writeString(folder.settings(), SETTINGS.formatted(folder.port, FreePort.find(),
					data.replace('\\', '/'), listeners, advertised, protocols));
			Files.writeString(folder.logging(), LOGGING);
			format(data);
			return folder;
		}
		catch (IOException ex) {
			throw new UncheckedIOException("The folder of a Kafka broker could not be written", ex);
		}
	}

	private static void format(String data) {
		try {
			new Formatter().setClusterId(Uuid.randomUuid().toString())
				.setNodeId(1)
				.setControllerListenerName("CONTROLLER")
				.setMetadataLogDirectory(data)
				.addDirectory(data)
				.setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
				.run();
		}
		catch (Exception ex) {
			throw new IllegalStateException("The folder of a Kafka broker could not be formatted", ex);
		}
	}

	Path settings() {
		return this.path.resolve("server.properties");
	}

	Path logging() {
		return this.path.resolve("logback.xml");
	}

	void delete() {
		FileUtils.deleteQuietly(this.path.toFile());
	}

}
