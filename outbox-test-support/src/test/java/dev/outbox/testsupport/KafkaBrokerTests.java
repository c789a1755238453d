package dev.outbox.testsupport;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link KafkaBroker} and {@link TopicReader}.
 */
@Tag("long")
class KafkaBrokerTests {

	private static final Duration SOON = Duration.ofSeconds(20);

	private static KafkaBroker broker;

	@BeforeAll
	static void startBroker() {
		broker = KafkaBroker.start();
	}

	@AfterAll
	static void closeBroker() {
		broker.close();
	}

	@Test
	void recordsGoThroughInOrder() {
		broker.createTopic("ordered", 3);
		try (TopicReader reader = read("ordered"); KafkaProducer<String, String> producer = producer()) {
			List<Future<RecordMetadata>> sent = IntStream.range(0, 100)
				.mapToObj((number) -> new ProducerRecord<>("ordered", number % 3, "key", Integer.toString(number)))
				.map(producer::send)
				.toList();
			assertThat(reader.await(sent.size(), SOON)).hasSize(100)
				.filteredOn((read) -> read.partition() == 1)
				.extracting((read) -> Integer.valueOf(read.value()))
				.isSorted()
				.startsWith(1, 4, 7)
				.hasSize(33);
		}
	}

	@Test
	void killAndRestartKeepTheRecord() {
		broker.createTopic("kept", 1);
		send("kept", "before").join();
		broker.kill();
		broker.restart();
		send("kept", "after").join();
		assertThatTopic("kept", "before", "after");
	}

	@Test
	void readerGoesOnAfterAnOrderlyRestart() {
		broker.createTopic("continued", 1);
		send("continued", "before").join();
		try (TopicReader reader = read("continued")) {
			reader.await(1, SOON);
			broker.stop();
			broker.restart();
			send("continued", "after").join();
			assertThat(reader.await(2, SOON)).extracting(ConsumerRecord::value).containsExactly("before", "after");
		}
	}

	@Test
	void pausedBrokerAnswersAfterItResumes() {
		broker.createTopic("paused", 1);
		broker.pause();
		CompletableFuture<?> sent = send("paused", "late");
		assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> sent.get(1, TimeUnit.SECONDS));
		broker.resume();
		sent.join();
		assertThatTopic("paused", "late");
	}

	@Test
	void clientThatComesThroughAProxyStaysBehindIt() {
		try (TcpProxy proxy = TcpProxy.start(); KafkaBroker proxied = KafkaBroker.start(List.of(proxy))) {
			proxied.createTopic("proxied", 1);
			try (TopicReader behind = TopicReader.read("localhost:" + proxy.port(), "proxied");
					TopicReader direct = TopicReader.read(proxied.bootstrapServers(), "proxied")) {
				proxy.cut();
				send(proxied, "proxied", "value").join();
				direct.await(1, SOON);
				assertThat(behind.records()).isEmpty();
				proxy.heal();
				behind.await(1, SOON);
			}
		}
	}

	@Test
	void sharedBrokerIsStartedOnce() {
		assertThat(KafkaBroker.shared()).isSameAs(KafkaBroker.shared());
		KafkaBroker.shared().createTopic("shared", 1);
	}

	@Test
	void readerTellsHowManyRecordsCame() {
		broker.createTopic("lonely", 1);
		send("lonely", "one").join();
		try (TopicReader reader = read("lonely")) {
			reader.await(1, SOON);
			assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> reader.await(2, Duration.ofMillis(100)))
				.withMessage("Only 1 of 2 records came within PT0.1S");
		}
	}

	@Test
	void readerRefusesTopicThatDoesNotExist() {
		assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> read("missing"))
			.withMessageContaining("'missing' does not exist");
	}

	private static void assertThatTopic(String topic, String... values) {
		try (TopicReader reader = read(topic)) {
			assertThat(reader.await(values.length, SOON)).extracting(ConsumerRecord::value).containsExactly(values);
		}
	}

	private static TopicReader read(String topic) {
		return TopicReader.read(broker.bootstrapServers(), topic);
	}

	private static KafkaProducer<String, String> producer() {
		return producer(broker);
	}

	private static KafkaProducer<String, String> producer(KafkaBroker to) {
		return new KafkaProducer<>(Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, to.bootstrapServers()),
				new StringSerializer(), new StringSerializer());
	}

	private static CompletableFuture<?> send(String topic, String value) {
		return send(broker, topic, value);
	}

	private static CompletableFuture<?> send(KafkaBroker to, String topic, String value) {
		return CompletableFuture.runAsync(() -> {
			try (KafkaProducer<String, String> producer = producer(to)) {
				producer.send(new ProducerRecord<>(topic, value)).get();
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
		});
	}

}
