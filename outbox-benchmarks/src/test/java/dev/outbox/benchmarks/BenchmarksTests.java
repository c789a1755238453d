package dev.outbox.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

import dev.outbox.benchmarks.contestant.Contestant;
import dev.outbox.benchmarks.report.Summary;
import dev.outbox.benchmarks.run.Outcome;
import dev.outbox.testsupport.Database;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Benchmarks}: short turns, which measure nothing.
 */
@Tag("long")
class BenchmarksTests {

	@Test
	void everythingThatIsCommittedIsReceivedAndReported(@TempDir Path folder) throws Exception {
		Path document = Files.writeString(folder.resolve("performance.md"), """
				before
				<!-- ledger: written by the benchmark -->
				old
				<!-- end of ledger -->
				after
				""");
		List<Contestant> contestants = List.of(Contestant.BY_HAND, Contestant.OURS_CONSUMER);
		Settings settings = new Settings(Set.of("ledger"), contestants, Database.POSTGRESQL, Duration.ofMillis(200),
				Duration.ofMillis(200), 1, Duration.ZERO, Duration.ZERO, 0, document);
		List<Summary> summaries = new Benchmarks(settings).run().getOrDefault("ledger", List.of());
		assertThat(summaries).hasSize(4);
		assertThat(summaries.get(0).contestants()).containsExactly("by hand", "ours, consumer", "by hand, again");
		assertThat(summaries).flatExtracting(Summary::rounds).hasSize(4).allSatisfy((round) -> {
			assertThat(round).extracting(Outcome::counts).allSatisfy((counts) -> {
				assertThat(counts.events()).isPositive();
				assertThat(counts.failed()).isZero();
				assertThat(counts.missing()).isZero();
				assertThat(counts.duplicates()).isZero();
			});
			assertThat(round.get(1).counts().reordered()).isZero();
			assertThat(round.get(1).latency().p50()).isPositive();
		});
		// 300 a second for a fifth of a second
		assertThat(summaries.get(2).rounds().get(0)).extracting((outcome) -> outcome.counts().events())
			.containsOnly(60);
		assertThat(Files.readString(document)).startsWith("before\n")
			.endsWith("<!-- end of ledger -->\nafter\n")
			.contains("| ours, consumer |")
			.doesNotContain("old");
		assertThat(folder.resolve("performance").resolve("ledger.svg")).content().contains("by hand");
		assertThat(folder.resolve("performance").resolve("ledger-latency.svg")).content().contains("ours, consumer");
	}

}
