package dev.outbox.benchmarks.run;

import java.util.stream.LongStream;

/**
 * How long most of a kind take, in milliseconds.
 *
 * @param p50 the median
 * @param p99 what 99 of 100 do not exceed
 */
public record Percentiles(double p50, double p99) {

	static Percentiles of(LongStream times, double inMillisecond) {
		long[] sorted = times.sorted().toArray();
		if (sorted.length == 0) {
			return new Percentiles(Double.NaN, Double.NaN);
		}
		return new Percentiles(sorted[sorted.length / 2] / inMillisecond,
				sorted[(int) (sorted.length * 99L / 100)] / inMillisecond);
	}

}
