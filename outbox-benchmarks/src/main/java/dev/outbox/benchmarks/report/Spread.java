package dev.outbox.benchmarks.report;

import java.util.Locale;
import java.util.stream.DoubleStream;

/**
 * What several rounds have in common.
 *
 * @param median the median
 * @param least the least
 * @param most the most
 */
record Spread(double median, double least, double most) {

	static Spread of(DoubleStream values) {
		double[] sorted = values.filter(Double::isFinite).sorted().toArray();
		if (sorted.length == 0) {
			return new Spread(Double.NaN, Double.NaN, Double.NaN);
		}
		int middle = sorted.length / 2;
		double median = (sorted.length % 2 == 1) ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
		return new Spread(median, sorted[0], sorted[sorted.length - 1]);
	}

	boolean isKnown() {
		return !Double.isNaN(this.median);
	}

	// The median alone.
	String rounded() {
		String format = (this.median < 10) ? "%.2f" : (this.median < 100) ? "%.1f" : "%,.0f";
		return isKnown() ? String.format(Locale.ROOT, format, this.median) : "";
	}

	@Override
	public String toString() {
		return isKnown() ? String.format(Locale.ROOT, "%.2f (%.2f to %.2f)", this.median, this.least, this.most) : "";
	}

}
