package dev.outbox.test;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import dev.outbox.OutboxMonitor;
import dev.outbox.OutboxOperations;
import dev.outbox.Outcome;
import dev.outbox.testsupport.KafkaBroker;
import dev.outbox.testsupport.PostgresServer;
import dev.outbox.testsupport.TopicReader;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.util.StringUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Sending is paused by an operator, for all instances of an application.
 */
@Tag("long")
@ExtendWith(OutputCaptureExtension.class)
class PauseTests {

	@Test
	void whilePausedPublishingGoesOnAndNothingIsSentAndThenAllArrivesInOrder(CapturedOutput output) throws Exception {
		try (Arena arena = new Arena(PostgresServer.shared().createDatabase(), KafkaBroker.shared(),
				"outbox.relay.stale-after=2s");
				TopicReader reader = TopicReader.read(arena.broker.bootstrapServers(), arena.topic())) {
			var one = arena.start();
			var two = arena.start();
			one.getBean(Ledger.class).open(10);
			OutboxOperations operations = two.getBean(OutboxOperations.class);
			assertThat(operations.pause("test")).isEqualTo(new Outcome(1, 1));
			long pausedAt = System.nanoTime();
			awaitPaused(output, 2);
			System.out.printf("Both instances paused within %d ms%n",
					Duration.ofNanos(System.nanoTime() - pausedAt).toMillis());
			CompletableFuture<Void> half = CompletableFuture.runAsync(() -> change(one.getBean(Ledger.class), 1));
			change(two.getBean(Ledger.class), 2);
			half.get();
			var three = arena.start();
			change(three.getBean(Ledger.class), 3);
			awaitPaused(output, 3);
			OutboxMonitor monitor = three.getBean(OutboxMonitor.class);
			long published = three.getBean(Ledger.class).sequences().values().stream().mapToLong(Long::longValue).sum();
			await().atMost(Arena.PATIENCE)
				.until(() -> monitor.status().oldestPending().compareTo(Duration.ofSeconds(4)) > 0);
			assertThat(monitor.status().pending()).isEqualTo(published);
			assertThat(reader.records()).isEmpty();
			assertThat(operations.resume()).isEqualTo(new Outcome(1, 1));
			arena.judge(one);
		}
	}

	private static void change(Ledger ledger, int seed) {
		try {
			ledger.run(4, 10, 50, seed);
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void awaitPaused(CapturedOutput output, int instances) {
		await().atMost(Duration.ofSeconds(20))
			.until(() -> StringUtils.countOccurrencesOf(output.getOut(), "Sending is paused until") >= instances);
	}

}
