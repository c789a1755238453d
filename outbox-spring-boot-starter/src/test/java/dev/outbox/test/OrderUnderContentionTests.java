package dev.outbox.test;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.outbox.testsupport.KafkaBroker;
import dev.outbox.testsupport.PostgresServer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Threads and instances that compete for the same accounts.
 */
class OrderUnderContentionTests {

	private static final int THREADS = 16;

	private static final int ACCOUNTS = 1000;

	private static final int CHANGES = 20_000;

	@ParameterizedTest
	@ValueSource(strings = { "consumer", "ack" })
	void everyCommittedEventArrivesOnceAndInOrderOnPostgres(String mode) throws Exception {
		arrivesOnceAndInOrder(PostgresServer.shared().createDatabase(), mode);
	}

	@Tag("long")
	@ParameterizedTest
	@ValueSource(strings = { "consumer", "ack" })
	void everyCommittedEventArrivesOnceAndInOrderOnH2(String mode) throws Exception {
		arrivesOnceAndInOrder(Arena.h2(), mode);
	}

	@Test
	void twoInstancesKeepTheOrderOfAccountsThatBothChange() throws Exception {
		try (Arena arena = new Arena(PostgresServer.shared().createDatabase(), KafkaBroker.shared())) {
			Ledger one = arena.start().getBean(Ledger.class);
			one.open(ACCOUNTS);
			var other = arena.start();
			CompletableFuture<Void> half = CompletableFuture.runAsync(() -> {
				try {
					one.run(THREADS / 2, ACCOUNTS, CHANGES / 2, 1);
				}
				catch (Exception ex) {
					throw new IllegalStateException(ex);
				}
			});
			other.getBean(Ledger.class).run(THREADS / 2, ACCOUNTS, CHANGES / 2, 2);
			half.get(60, TimeUnit.SECONDS);
			arena.judge(other);
		}
	}

	private void arrivesOnceAndInOrder(String jdbcUrl, String mode) throws Exception {
		try (Arena arena = new Arena(jdbcUrl, KafkaBroker.shared(), "outbox.confirmation.mode=" + mode)) {
			var instance = arena.start();
			Ledger ledger = instance.getBean(Ledger.class);
			ledger.open(ACCOUNTS);
			ledger.run(THREADS, ACCOUNTS, CHANGES, 1);
			assertThat(arena.judge(instance).duplicates()).isZero();
		}
	}

}
