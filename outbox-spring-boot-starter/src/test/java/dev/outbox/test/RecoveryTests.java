package dev.outbox.test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import dev.outbox.OutboxMonitor;
import dev.outbox.testsupport.ChildJvm;
import dev.outbox.testsupport.KafkaBroker;
import dev.outbox.testsupport.PostgresServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Crashes and outages.
 */
class RecoveryTests {

	private static final int CHANGES = 1100;

	@Test
	void anotherInstanceDeliversWhatAKilledOneHasCommittedAndNotSent() throws Exception {
		try (KafkaBroker unreachable = KafkaBroker.start();
				Arena arena = new Arena(PostgresServer.shared().createDatabase(), KafkaBroker.shared(),
						"outbox.relay.stale-after=2s")) {
			unreachable.kill();
			var survivor = arena.start();
			survivor.getBean(Ledger.class).open(100);
			List<String> args = new ArrayList<>(
					List.of(arena.jdbcUrl, unreachable.bootstrapServers(), String.valueOf(CHANGES)));
			args.addAll(Arrays.asList(arena.settings()));
			try (ChildJvm killed = ChildJvm.start(LedgerProgram.class, List.of("-Xmx256m"), args)) {
				killed.awaitLine(LedgerProgram.COMMITTED, Arena.PATIENCE);
				killed.kill();
			}
			arena.judge(survivor);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "consumer", "ack" })
	void publishingKeepsItsSpeedWithoutTheBrokerAndAllArrivesInOrderWhenItIsBack(String mode) throws Exception {
		try (KafkaBroker broker = KafkaBroker.start();
				Arena arena = new Arena(PostgresServer.shared().createDatabase(), broker, "outbox.relay.stale-after=2s",
						"outbox.confirmation.mode=" + mode)) {
			var instance = arena.start();
			Ledger ledger = instance.getBean(Ledger.class);
			ledger.open(100);
			ledger.run(8, 100, 800, 1);
			long before = time(() -> ledger.run(8, 100, 800, 2));
			arena.judge(instance);
			broker.stop();
			long during = time(() -> ledger.run(8, 100, 800, 3));
			assertThat(instance.getBean(OutboxMonitor.class).status().pending()).isPositive();
			broker.restart();
			Audit audit = arena.judge(instance);
			System.out.printf("800 changes took %d ms with the broker, %d ms without; %d duplicates%n", before, during,
					audit.duplicates());
			assertThat(during).isLessThan(2 * before + 1000);
		}
	}

	private static long time(Work work) throws Exception {
		long start = System.nanoTime();
		work.run();
		return (System.nanoTime() - start) / 1_000_000;
	}

	private interface Work {

		void run() throws Exception;

	}

}
