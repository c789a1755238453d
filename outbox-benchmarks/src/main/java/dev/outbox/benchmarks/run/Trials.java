package dev.outbox.benchmarks.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

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

	// Those whose backlog is what would be measured.
	private final Set<Site> outpaced = new HashSet<>();

	/**
	 * Warm the contestants up.
	 * @param field the contestants
	 * @param warmUps the loads that each is given before anything is measured, each for
	 * its length times the number of instances, which share it
	 */
	public Trials(Field field, List<Load> warmUps) {
		this.field = field;
		field.sites()
			.forEach((site) -> warmUps.forEach(
					(load) -> run(site, site.title(), load.withLength(load.length().multipliedBy(site.instances())))));
	}

	/**
	 * Run a trial. Who did not keep up with a rate is left out of the trials that follow.
	 * @param trial the trial
	 * @param rounds how often
	 * @return the outcomes of each round
	 */
	public List<List<Outcome>> run(Trial trial, int rounds) {
		List<Site> sites = this.field.sites().stream().filter((site) -> !this.outpaced.contains(site)).toList();
		List<List<Outcome>> all = new ArrayList<>();
		for (int round = 0; round < rounds; round++) {
			List<Site> order = new ArrayList<>(sites);
			Collections.rotate(order, -round);
			Map<String, Outcome> outcomes = new HashMap<>();
			order.forEach((site) -> outcomes.put(site.title(), run(site, site.title(), trial.load())));
			order.stream()
				.filter((site) -> site.title().equals(Contestant.BY_HAND.title()))
				.forEach((site) -> outcomes.put(AGAIN, run(site, AGAIN, trial.load())));
			all.add(Stream.concat(sites.stream().map(Site::title), Stream.of(AGAIN))
				.flatMap((title) -> Stream.ofNullable(outcomes.get(title)))
				.toList());
		}
		if (trial.load().isPaced()) {
			sites.stream().filter((site) -> isMissingSome(site, all)).forEach(this.outpaced::add);
		}
		return all;
	}

	private static boolean isMissingSome(Site site, List<List<Outcome>> rounds) {
		return rounds.stream()
			.flatMap(List::stream)
			.anyMatch((outcome) -> outcome.contestant().equals(site.title()) && outcome.counts().missing() > 0);
	}

	private Outcome run(Site site, String title, Load load) {
		int run = this.field.nextRun();
		try (Receiver receiver = site.receive(run)) {
			ProcessorTime before = this.field.cpu(site);
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
