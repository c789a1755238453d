package dev.outbox.benchmarks;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

import dev.outbox.benchmarks.contestant.Contestant;
import dev.outbox.testsupport.Database;

/**
 * What is to be run, and for how long.
 *
 * @param workloads the names of the workloads
 * @param contestants who takes part
 * @param database the kind of the database
 * @param warmUp how long each contestant runs before anything is measured, if it has one
 * instance
 * @param length how long each turn lasts
 * @param rounds how many turns each has in the first trial; in the others it has one
 * less, but one at least. If it has more than one, the first trial comes again at the end
 * @param idle how long the contestants are left alone
 * @param outage how long the broker is down
 * @param largestBacklog how many rows wait at most
 * @param document the document to write
 */
record Settings(Set<String> workloads, List<Contestant> contestants, Database database, Duration warmUp,
		Duration length, int rounds, Duration idle, Duration outage, int largestBacklog, Path document) {

	private static final String ALL = "ledger,ten,hot-key,large,idle,outage,instances,start,cpu,backlog";

	static Settings ofSystemProperties() {
		boolean quick = Boolean.getBoolean("quick");
		return new Settings(Set.of(System.getProperty("benchmark", ALL).split(",")),
				contestants(System.getProperty("benchmark.contestants", "")),
				Database.valueOf(System.getProperty("benchmark.database", "postgresql").toUpperCase(Locale.ROOT)),
				Duration.ofSeconds(Integer.getInteger("benchmark.warm-up", quick ? 2 : 16)),
				Duration.ofSeconds(Integer.getInteger("benchmark.seconds", quick ? 2 : 4)),
				Integer.getInteger("benchmark.rounds", quick ? 1 : 3), Duration.ofSeconds(quick ? 10 : 60),
				Duration.ofSeconds(quick ? 10 : 60),
				Integer.getInteger("benchmark.backlog", quick ? 10_000 : 1_000_000),
				quick ? Path.of("target", "benchmark", "performance.md") : Path.of("..", "docs", "performance.md"));
	}

	private static List<Contestant> contestants(String names) {
		return names.isEmpty() ? List.of(Contestant.values())
				: Arrays.stream(names.toUpperCase(Locale.ROOT).split(",")).map(Contestant::valueOf).toList();
	}

	boolean includes(String workload) {
		return this.workloads.contains(workload);
	}

	// What follows the names of sections: PostgreSQL is what all is about.
	String suffix() {
		return (this.database == Database.POSTGRESQL) ? "" : "-" + this.database.name().toLowerCase(Locale.ROOT);
	}

	// From a thousand on, each ten times the one before.
	List<Integer> backlogs() {
		return Stream.iterate(1000, (size) -> size <= this.largestBacklog, (size) -> 10 * size).toList();
	}

}
