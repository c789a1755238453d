package dev.outbox.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.outbox.benchmarks.contestant.Contestant;
import dev.outbox.benchmarks.contestant.Load;
import dev.outbox.benchmarks.report.Machine;
import dev.outbox.benchmarks.report.Report;
import dev.outbox.benchmarks.report.Summary;
import dev.outbox.benchmarks.run.Backlog;
import dev.outbox.benchmarks.run.EventCosts;
import dev.outbox.benchmarks.run.Field;
import dev.outbox.benchmarks.run.Idle;
import dev.outbox.benchmarks.run.Outage;
import dev.outbox.benchmarks.run.Servers;
import dev.outbox.benchmarks.run.Start;
import dev.outbox.benchmarks.run.Trial;
import dev.outbox.benchmarks.run.Trials;

/**
 * Runs the workloads, prints and writes down what came of them.
 */
final class Benchmarks {

	private static final String IDLE = "idle";

	private static final String OUTAGE = "outage";

	private static final String BACKLOG = "backlog";

	private static final String INSTANCES = "instances";

	private static final String START = "start";

	private static final String CPU = "cpu";

	private static final int WARM_UP_RATE = 1000;

	private static final Set<Contestant> INSTANCED = Set.of(Contestant.BY_HAND, Contestant.OURS_CONSUMER,
			Contestant.OURS_ACK);

	private static final Set<Contestant> STARTED = Set.of(Contestant.DOMAIN, Contestant.BY_HAND,
			Contestant.OURS_CONSUMER, Contestant.OURS_ACK, Contestant.MODULITH, Contestant.NAMASTACK);

	private final Settings settings;

	private final Map<String, List<Summary>> summaries = new LinkedHashMap<>();

	Benchmarks(Settings settings) {
		this.settings = settings;
	}

	Map<String, List<Summary>> run() throws IOException {
		try (Servers servers = new Servers(this.settings.database())) {
			Machine machine = Machine.of(servers);
			System.out.println(machine.text());
			Report report = new Report(this.settings.document(), this.settings.suffix(), machine);
			List<Trial> trials = Trial.all(this.settings.length())
				.stream()
				.filter((trial) -> this.settings.includes(trial.workload()))
				.toList();
			if (!trials.isEmpty() || this.settings.includes(IDLE) || this.settings.includes(OUTAGE)) {
				runTrials(servers, trials, report);
			}
			if (this.settings.includes(INSTANCES)) {
				runInstances(servers, report);
			}
			if (this.settings.includes(START)) {
				runStart(servers, report);
			}
			if (this.settings.includes(CPU)) {
				report.writeCosts(new EventCosts().run());
			}
			if (this.settings.includes(BACKLOG)) {
				runBacklog(servers, report);
			}
		}
		this.summaries.forEach(this::printRatios);
		return this.summaries;
	}

	private void runTrials(Servers servers, List<Trial> list, Report report) throws IOException {
		try (Field field = new Field(this.settings.contestants(), servers, List.of(1))) {
			Trials trials = new Trials(field, warmUps());
			int rounds = this.settings.rounds();
			for (Trial trial : list) {
				run(trials, trial, rounds, report);
				rounds = Math.max(1, this.settings.rounds() - 1);
			}
			if (this.settings.includes(IDLE)) {
				Map<String, Long> statements = new Idle(field).run(this.settings.idle());
				System.out.printf("%nidle: statements %s%n", statements);
				report.writeIdle(statements, this.settings.idle().toSeconds());
			}
			Trial last = Trial.last(this.settings.length());
			if (this.settings.includes(last.workload()) && this.settings.rounds() > 1) {
				run(trials, last, rounds, report);
			}
			if (this.settings.includes(OUTAGE)) {
				List<Outage.Result> results = new Outage(field, servers).run(this.settings.outage());
				results.forEach(System.out::println);
				report.writeOutage(results, this.settings.outage().toSeconds());
			}
		}
	}

	// A third of the time at a rate, at which events take another way than at full speed.
	private List<Load> warmUps() {
		Duration part = this.settings.warmUp().dividedBy(3);
		return List.of(Load.ledger(part).withRate(WARM_UP_RATE), Load.ledger(part.multipliedBy(2)));
	}

	private void run(Trials trials, Trial trial, int rounds, Report report) throws IOException {
		Summary summary = new Summary(trial, trials.run(trial, rounds));
		System.out.printf("%n%s: %s%n%s", trial.workload(), trial.title(), summary.table());
		List<Summary> all = this.summaries.computeIfAbsent(trial.workload(), (name) -> new ArrayList<>());
		all.add(summary);
		report.write(trial.workload(), all);
	}

	private void runInstances(Servers servers, Report report) throws IOException {
		try (Field field = new Field(contestants(INSTANCED), servers, List.of(1, 2, 4))) {
			run(new Trials(field, List.of(Load.ledger(this.settings.warmUp().dividedBy(2)))), new Trial(INSTANCES,
					"full speed, the load shared by instances", Load.ledger(this.settings.length())),
					Math.max(1, this.settings.rounds() - 1), report);
		}
	}

	private void runStart(Servers servers, Report report) throws IOException {
		Map<String, List<Duration>> starts = new Start(servers).run(contestants(STARTED), 2 * this.settings.rounds());
		System.out.printf("%nstart: %s%n", starts);
		report.writeStart(starts);
	}

	private void runBacklog(Servers servers, Report report) throws IOException {
		Backlog backlog = new Backlog(servers);
		List<Backlog.Drain> drains = new ArrayList<>();
		for (Contestant contestant : contestants(Backlog.CONTESTANTS)) {
			backlog.run(contestant, this.settings.backlogs()).forEach((drain) -> {
				System.out.println(drain);
				drains.add(drain);
			});
		}
		report.writeBacklog(drains);
	}

	private List<Contestant> contestants(Set<Contestant> among) {
		return this.settings.contestants().stream().filter(among::contains).toList();
	}

	// Of the first trial of a workload.
	private void printRatios(String workload, List<Summary> trials) {
		Summary first = trials.get(0);
		System.out.printf("%n%s: %s, beside by hand%n", workload, first.trial().title());
		first.contestants().forEach((contestant) -> System.out.println(contestant + " " + first.ratio(contestant)));
	}

}
