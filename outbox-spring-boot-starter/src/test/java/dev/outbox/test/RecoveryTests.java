package dev.outbox.test;

import java.util.List;

import com.zaxxer.hikari.HikariDataSource;
import dev.outbox.OutboxMonitor;
import dev.outbox.OutboxTrouble;
import dev.outbox.OutboxTrouble.Kind;
import dev.outbox.testsupport.ChildJvm;
import dev.outbox.testsupport.KafkaBroker;
import dev.outbox.testsupport.PostgresServer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
			List<String> args = arena.arguments(arena.jdbcUrl, unreachable.bootstrapServers(), String.valueOf(CHANGES));
			try (ChildJvm killed = ChildJvm.start(LedgerProgram.class, List.of("-Xmx256m"), args)) {
				killed.awaitLine(LedgerProgram.COMMITTED, Arena.PATIENCE);
				killed.kill();
			}
			arena.judge(survivor);
		}
	}

	@Tag("long")
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
			OutboxMonitor monitor = instance.getBean(OutboxMonitor.class);
			assertThat(monitor.status().pending()).isPositive();
			await().atMost(Arena.PATIENCE)
				.until(() -> monitor.status().troubles().stream().map(OutboxTrouble::kind).toList(),
						(kinds) -> kinds.contains(Kind.BROKER));
			broker.restart();
			Audit audit = arena.judge(instance);
			await().atMost(Arena.PATIENCE).until(() -> monitor.status().troubles().isEmpty());
			System.out.printf("800 changes took %d ms with the broker, %d ms without; %d duplicates%n", before, during,
					audit.duplicates());
			assertThat(during).isLessThan(2 * before + 1000);
		}
	}

	@Tag("long")
	@Test
	void whileTheBrokerDoesNotAnswerNoRowIsLockedAndNoConnectionHeld() throws Exception {
		try (KafkaBroker broker = KafkaBroker.start();
				Arena arena = new Arena(PostgresServer.shared().createDatabase(), broker, "outbox.relay.stale-after=2s",
						"spring.datasource.hikari.maximum-pool-size=2")) {
			var instance = arena.start();
			Ledger ledger = instance.getBean(Ledger.class);
			ledger.open(10);
			ledger.run(2, 10, 20, 1);
			arena.judge(instance);
			broker.pause();
			JdbcTemplate jdbc = new JdbcTemplate(new DriverManagerDataSource(arena.jdbcUrl));
			for (int i = 1; i <= 200; i++) {
				ledger.change(i % 10, false);
				assertThat(jdbc.queryForList("SELECT outbox_id FROM outbox ORDER BY outbox_id FOR UPDATE NOWAIT"))
					.hasSize(i);
			}
			await().until(
					() -> instance.getBean(HikariDataSource.class).getHikariPoolMXBean().getActiveConnections() == 0);
			broker.resume();
			arena.judge(instance);
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
