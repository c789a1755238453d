package dev.outbox.benchmarks.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import dev.outbox.benchmarks.contestant.Commits;
import dev.outbox.benchmarks.contestant.Contestant;
import dev.outbox.benchmarks.contestant.Load;
import dev.outbox.benchmarks.contestant.Micros;

/**
 * Gives loads to the contestants in turn: in each round each has its turn, in changing
 * order, and the outbox by hand another one at the end, which tells how noisy the machine
 * is.
 */
public final class Trials {

	/**
	 * What the second turn of the outbox by hand is called.
	 */
	public static final String AGAIN = Contestant.BY_HAND.title() + ", again";

	// For those that cannot keep up.
	private static final Duration PATIENCE = Duration.ofSeconds(5);

	private final Field field;

	/**
	 * Warm the contestants up.
	 * @param field the contestants
	 * @param warmUp how long each runs at full speed before anything is measured
	 */
	public Trials(Field field, Duration warmUp) {
		this.field = field;
		field.sites().forEach((site) -> run(site, site.contestant().title(), Load.ledger(warmUp)));
	}

	/**
	 * Run a trial.
	 * @param trial the trial
	 * @param rounds how often
	 * @return the outcomes of each round
	 */
	public List<List<Outcome>> run(Trial trial, int rounds) {
		List<List<Outcome>> all = new ArrayList<>();
		for (int round = 0; round < rounds; round++) {
			List<Site> order = new ArrayList<>(this.field.sites());
			Collections.rotate(order, -round);
			List<Outcome> outcomes = new ArrayList<>();
			order.forEach((site) -> outcomes.add(run(site, site.contestant().title(), trial.load())));
			order.stream()
				.filter((site) -> site.contestant() == Contestant.BY_HAND)
				.forEach((site) -> outcomes.add(run(site, AGAIN, trial.load())));
			all.add(outcomes);
		}
		return all;
	}

	private Outcome run(Site site, String title, Load load) {
		int run = this.field.nextRun();
		try (Receiver receiver = site.receive(run)) {
			Duration before = this.field.cpu(site);
			long start = Micros.now();
			Commits commits = this.field.run(site, load.withRun(run)).join();
			boolean publishing = site.contestant().isPublishing();
			receiver.awaitAll(publishing ? commits.events() : 0, PATIENCE);
			long end = Micros.now();
			site.awaitEmpty(PATIENCE);
			return Outcome.of(title, start, end, commits, receiver.receipts(), this.field.cpu(site).minus(before),
					publishing);
		}
	}

}
