package dev.outbox.benchmarks.run;

import java.util.Map;

import dev.outbox.benchmarks.contestant.Commits;

/**
 * What came of one load on one contestant.
 *
 * @param contestant who it was
 * @param rate events a second, from the start to the last receipt; of a contestant that
 * publishes nothing, to the last commit
 * @param latency from the commit to the receipt
 * @param transaction how long the transactions took, as their callers see it
 * @param cpu the processor time of each event, with all that is done in its transaction
 * @param counts what was counted
 */
public record Outcome(String contestant, double rate, Percentiles latency, Percentiles transaction, ProcessorTime cpu,
		Counts counts) {

	static Outcome of(String contestant, long start, long end, Commits commits, Receipts receipts, ProcessorTime cpu,
			boolean publishing) {
		Map<Long, Long> committed = commits.timesById();
		Map<Long, Long> received = receipts.timesById();
		boolean complete = received.size() >= committed.size();
		long until = !publishing ? commits.last() : complete ? receipts.last() : end;
		int events = publishing ? received.size() : committed.size();
		return new Outcome(contestant, events * 1e6 / (until - start),
				Percentiles.of(
						received.entrySet()
							.stream()
							.filter((receipt) -> committed.containsKey(receipt.getKey()))
							.mapToLong((receipt) -> receipt.getValue() - committed.getOrDefault(receipt.getKey(), 0L)),
						1e3),
				Percentiles.of(commits.durations(), 1e6), cpu.dividedBy(Math.max(1, committed.size())),
				new Counts(committed.size(), commits.failed(), publishing ? committed.size() - received.size() : 0,
						receipts.duplicates(), receipts.reordered()));
	}

	/**
	 * What was counted.
	 *
	 * @param events how many events were committed
	 * @param failed how many transactions failed
	 * @param missing how many events did not arrive in time
	 * @param duplicates how many came again
	 * @param reordered how many first came after a later one of their account
	 */
	public record Counts(int events, int failed, int missing, int duplicates, int reordered) {

		public Counts plus(Counts other) {
			return new Counts(this.events + other.events, this.failed + other.failed, this.missing + other.missing,
					this.duplicates + other.duplicates, this.reordered + other.reordered);
		}

	}

}
