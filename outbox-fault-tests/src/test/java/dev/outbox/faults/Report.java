package dev.outbox.faults;

import java.time.Duration;
import java.util.Locale;

/**
 * What came of a run.
 *
 * @param cell what was run
 * @param committed how many events were committed
 * @param audit what arrived
 * @param pending how many were still in the table when the patience was over
 * @param parked how many were parked
 * @param takeOver from the strike until all that was pending then was delivered
 * @param drain from the end of the load until all was delivered
 * @param longest the longest transaction
 */
record Report(Cell cell, int committed, Audit audit, int pending, int parked, Duration takeOver, Duration drain,
		Duration longest) {

	static final String HEAD = """
			| fault | database | instances | events | lost | phantom | reordered | duplicates | parked | take-over | drain \
			| longest transaction | longest way | seed |
			|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|
			""";

	boolean isGood() {
		return this.audit.lost().isEmpty() && this.audit.phantoms().isEmpty() && this.audit.reordered().isEmpty()
				&& this.pending == 0;
	}

	String row() {
		return String.format(Locale.ROOT,
				"| %s | %s | %d | %d | %d | %d | %d | %d | %d | %.1f s | %.1f s | %.1f s | %.1f s | %d |",
				this.cell.fault().title(), this.cell.database(), this.cell.instances(), this.committed,
				this.audit.lost().size(), this.audit.phantoms().size(), this.audit.reordered().size(),
				this.audit.duplicates(), this.parked, seconds(this.takeOver), seconds(this.drain),
				seconds(this.longest), seconds(this.audit.longestWay()), this.cell.seed());
	}

	private static double seconds(Duration duration) {
		return duration.toMillis() / 1000.0;
	}

}
