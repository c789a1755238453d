package dev.outbox.benchmarks.run;

import java.time.Duration;
import java.util.List;

import dev.outbox.benchmarks.contestant.Load;

/**
 * A load that all contestants are given in turn.
 *
 * @param workload the workload that it belongs to
 * @param title what is special about it
 * @param load the load
 */
public record Trial(String workload, String title, Load load) {

	private static final int LARGE = 16_000;

	/**
	 * All trials.
	 * @param length how long each lasts
	 * @return the trials
	 */
	public static List<Trial> all(Duration length) {
		Load ledger = Load.ledger(length);
		return List.of(new Trial("ledger", "full speed", ledger),
				new Trial("ledger", "50 events/s", ledger.withRate(50)),
				new Trial("ledger", "300 events/s", ledger.withRate(300)),
				new Trial("ledger", "1,000 events/s", ledger.withRate(1000)),
				new Trial("ten", "ten events in each transaction", ledger.withEvents(10)),
				new Trial("hot-key", "90 % of the events on one key", ledger.withHot(0.9)),
				new Trial("large", "16 KB payloads", ledger.withText(LARGE)),
				new Trial("ten", "ten events in each of 300 transactions/s", ledger.withEvents(10).withRate(300)));
	}

	/**
	 * The first trial once more. When all have run for so long, the compilers of their
	 * JVMs have done most of their work.
	 * @param length how long it lasts
	 * @return the trial
	 */
	public static Trial last(Duration length) {
		Trial first = all(length).get(0);
		return new Trial(first.workload(), first.title() + ", at the end", first.load());
	}

}
