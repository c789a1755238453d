package dev.outbox.test;

import java.time.Duration;
import java.util.Map;
import java.util.UUID;

import dev.outbox.OutboxMonitor;
import dev.outbox.testsupport.KafkaBroker;
import dev.outbox.testsupport.PostgresServer;
import dev.outbox.testsupport.TopicReader;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Threads that compete for the same accounts.
 */
class OrderUnderContentionTests {

	private static final int THREADS = 16;

	private static final int ACCOUNTS = 1000;

	private static final int CHANGES = 20_000;

	@ParameterizedTest
	@ValueSource(strings = { "consumer", "ack" })
	void everyCommittedEventArrivesInOrderOnPostgres(String mode) throws Exception {
		run(PostgresServer.shared().createDatabase(), mode);
	}

	@ParameterizedTest
	@ValueSource(strings = { "consumer", "ack" })
	void everyCommittedEventArrivesInOrderOnH2(String mode) throws Exception {
		run("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1", mode);
	}

	private void run(String jdbcUrl, String mode) throws Exception {
		KafkaBroker broker = KafkaBroker.shared();
		String topic = "ledger." + UUID.randomUUID();
		broker.createTopic(topic, 6);
		try (ConfigurableApplicationContext application = LedgerApplication.start(jdbcUrl, broker.bootstrapServers(),
				"outbox.source=" + topic, "outbox.confirmation.mode=" + mode, "ledger.topic=" + topic)) {
			Ledger ledger = application.getBean(Ledger.class);
			ledger.open(ACCOUNTS);
			long start = System.nanoTime();
			ledger.run(THREADS, ACCOUNTS, CHANGES, 1);
			Map<Integer, Long> committed = ledger.sequences();
			int count = (int) committed.values().stream().mapToLong(Long::longValue).sum();
			try (TopicReader reader = TopicReader.read(broker.bootstrapServers(), topic)) {
				reader.await(count, Duration.ofSeconds(60));
				long millis = Duration.ofNanos(System.nanoTime() - start).toMillis();
				await().atMost(Duration.ofSeconds(30))
					.until(() -> application.getBean(OutboxMonitor.class).status().pending() == 0);
				Audit audit = Audit.of(reader.records(), committed);
				System.out.printf("%s, %s: %d events in %d ms, %d duplicates%n", jdbcUrl, mode, count, millis,
						audit.duplicates());
				assertThat(audit.lost()).isEmpty();
				assertThat(audit.phantoms()).isEmpty();
				assertThat(audit.reordered()).isEmpty();
				assertThat(audit.duplicates()).isZero();
			}
		}
	}

}
