package dev.outbox.benchmarks.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import dev.outbox.benchmarks.cpu.EventBenchmark;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * What an event costs the processor, by JMH.
 */
public final class EventCosts {

	private static final String ALLOCATED = "gc.alloc.rate.norm";

	/**
	 * Measure.
	 * @return the costs of each benchmark
	 */
	public List<Cost> run() {
		try {
			List<Cost> costs = new ArrayList<>();
			for (RunResult result : new Runner(
					new OptionsBuilder().include(EventBenchmark.class.getName()).addProfiler(GCProfiler.class).build())
				.run()) {
				costs.add(new Cost(result.getPrimaryResult().getLabel(), result.getPrimaryResult().getScore(),
						result.getPrimaryResult().getScoreError(),
						Objects.requireNonNull(result.getSecondaryResults().get(ALLOCATED)).getScore()));
			}
			return costs;
		}
		catch (RunnerException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * The costs of an event.
	 *
	 * @param name the benchmark
	 * @param nanos the time it takes, in nanoseconds
	 * @param error half of the interval in which the time lies with 99.9 % confidence
	 * @param bytes how many bytes are allocated
	 */
	public record Cost(String name, double nanos, double error, double bytes) {

	}

}
