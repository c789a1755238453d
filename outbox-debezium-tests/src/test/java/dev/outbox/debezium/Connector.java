package dev.outbox.debezium;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;

import io.debezium.embedded.Connect;
import io.debezium.engine.ChangeEvent;
import io.debezium.engine.DebeziumEngine;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.storage.Converter;
import org.apache.kafka.connect.storage.HeaderConverter;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs a connector in this JVM. What it would give to Kafka's producer, through the
 * converters of its settings as Kafka Connect does, is kept instead.
 */
final class Connector implements AutoCloseable {

	private static final String HEARTBEATS = "__debezium-heartbeat.outbox";

	private final DebeziumEngine<ChangeEvent<SourceRecord, SourceRecord>> engine;

	private final CompletableFuture<Void> running;

	private final List<Message> messages = new CopyOnWriteArrayList<>();

	private final Converter keys;

	private final Converter values;

	private final HeaderConverter headers;

	private volatile Map<String, ?> place = Map.of();

	private volatile @Nullable Throwable failure;

	private Connector(Properties settings) throws ReflectiveOperationException {
		this.keys = Utils.newInstance(settings.getProperty("key.converter"), Converter.class);
		this.keys.configure(Map.of(), true);
		this.values = Utils.newInstance(settings.getProperty("value.converter"), Converter.class);
		this.values.configure(Map.of(), false);
		this.headers = Utils.newInstance(settings.getProperty("header.converter"), HeaderConverter.class);
		this.headers.configure(Map.of("converter.type", "header"));
		this.engine = DebeziumEngine.create(Connect.class)
			.using(settings)
			.using((success, message, failure) -> this.failure = failure)
			.notifying((ChangeEvent<SourceRecord, SourceRecord> event) -> receive(event.value()))
			.build();
		this.running = CompletableFuture.runAsync(this.engine, (task) -> new Thread(task, "connector").start());
	}

	/**
	 * Start a connector.
	 * @param documented the settings of the documentation, with the database's address
	 * @param state where it keeps how far it has read
	 * @return the connector
	 */
	static Connector start(Properties documented, Path state) {
		Properties settings = new Properties();
		settings.putAll(documented);
		settings.setProperty("name", "outbox");
		settings.setProperty("topic.prefix", "outbox");
		settings.setProperty("offset.storage", "org.apache.kafka.connect.storage.FileOffsetBackingStore");
		settings.setProperty("offset.storage.file.filename", state.resolve("offsets").toString());
		settings.setProperty("offset.flush.interval.ms", "0");
		settings.setProperty("schema.history.internal", "io.debezium.storage.file.history.FileSchemaHistory");
		settings.setProperty("schema.history.internal.file.filename", state.resolve("history").toString());
		settings.setProperty("poll.interval.ms", "20");
		try {
			return new Connector(settings);
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException("A converter could not be created", ex);
		}
	}

	/**
	 * Wait for messages.
	 * @param count how many
	 * @return all that have come so far
	 */
	List<Message> await(int count) {
		return await(() -> this.messages.size() >= count);
	}

	/**
	 * Wait for a message.
	 * @param key its key
	 * @return all that have come so far
	 */
	List<Message> awaitKey(String key) {
		return await(() -> this.messages.stream().anyMatch((message) -> key.equals(message.key())));
	}

	private List<Message> await(BooleanSupplier condition) {
		Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.until(() -> condition.getAsBoolean() || this.running.isDone());
		assertThat(this.failure).isNull();
		return List.copyOf(this.messages);
	}

	/**
	 * How far it has read the database's log.
	 * @return the offset of the last record, a heartbeat's included
	 */
	Map<String, ?> place() {
		return this.place;
	}

	private void receive(SourceRecord record) {
		Message message = message(record);
		if (!message.topic().equals(HEARTBEATS)) {
			assertThat(record.kafkaPartition()).isNull();
			this.messages.add(message);
		}
		this.place = record.sourceOffset();
	}

	private Message message(SourceRecord record) {
		List<Message.Header> headers = new ArrayList<>();
		for (Header header : record.headers()) {
			headers.add(new Message.Header(header.key(), Message
				.text(this.headers.fromConnectHeader(record.topic(), header.key(), header.schema(), header.value()))));
		}
		return new Message(record.topic(),
				Message.text(this.keys.fromConnectData(record.topic(), record.keySchema(), record.key())),
				Message.text(this.values.fromConnectData(record.topic(), record.valueSchema(), record.value())),
				headers);
	}

	/**
	 * Stop the connector; how far it has read is kept.
	 */
	@Override
	public void close() {
		try {
			this.engine.close();
			this.running.join();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
