package dev.outbox.benchmarks.contestant;

import java.io.Serializable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * What a contestant has committed under a load.
 */
public final class Commits implements Serializable {

	private static final long serialVersionUID = 1;

	private final long[] ids;

	private final long[] times;

	private final long[] durations;

	private final int failed;

	private Commits(long[] ids, long[] times, long[] durations, int failed) {
		this.ids = ids;
		this.times = times;
		this.durations = durations;
		this.failed = failed;
	}

	static Commits of(List<Recorder> recorders) {
		return new Commits(recorders.stream().flatMapToLong(Recorder::ids).toArray(),
				recorders.stream().flatMapToLong(Recorder::times).toArray(),
				recorders.stream().flatMapToLong(Recorder::durations).toArray(),
				recorders.stream().mapToInt(Recorder::failures).sum());
	}

	/**
	 * All of several instances.
	 * @param parts what each has committed
	 * @return the whole
	 */
	public static Commits all(List<Commits> parts) {
		return new Commits(parts.stream().flatMapToLong((part) -> LongStream.of(part.ids)).toArray(),
				parts.stream().flatMapToLong((part) -> LongStream.of(part.times)).toArray(),
				parts.stream().flatMapToLong((part) -> LongStream.of(part.durations)).toArray(),
				parts.stream().mapToInt((part) -> part.failed).sum());
	}

	/**
	 * How many events were committed.
	 * @return the number of events
	 */
	public int events() {
		return this.ids.length;
	}

	/**
	 * How many transactions were committed.
	 * @return the number of transactions
	 */
	public int transactions() {
		return this.durations.length;
	}

	/**
	 * How many transactions failed.
	 * @return the number of transactions
	 */
	public int failed() {
		return this.failed;
	}

	/**
	 * How long the transactions took, as their callers see it.
	 * @return nanoseconds
	 */
	public LongStream durations() {
		return LongStream.of(this.durations);
	}

	/**
	 * When the last one was.
	 * @return microseconds since 1970
	 */
	public long last() {
		return LongStream.of(this.times).max().orElse(0);
	}

	/**
	 * When each event was committed.
	 * @return microseconds since 1970 by number of event
	 */
	public Map<Long, Long> timesById() {
		Map<Long, Long> all = new HashMap<>();
		for (int i = 0; i < this.ids.length; i++) {
			all.put(this.ids[i], this.times[i]);
		}
		return all;
	}

}
