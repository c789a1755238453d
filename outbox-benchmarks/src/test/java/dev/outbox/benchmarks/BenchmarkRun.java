package dev.outbox.benchmarks;

import org.junit.jupiter.api.Test;

/**
 * Runs the benchmarks, with the profile {@code benchmark} only.
 */
class BenchmarkRun {

	@Test
	void run() throws Exception {
		new Benchmarks(Settings.ofSystemProperties()).run();
	}

}
