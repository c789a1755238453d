package dev.outbox.benchmarks.report;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

import dev.outbox.benchmarks.contestant.Contestant;
import dev.outbox.benchmarks.run.Outcome;
import dev.outbox.benchmarks.run.ProcessorTime;
import dev.outbox.benchmarks.run.Trial;

/**
 * The rounds of a trial, summed up by contestant.
 *
 * @param trial the trial
 * @param rounds the outcomes of each round
 */
public record Summary(Trial trial, List<List<Outcome>> rounds) {

	/**
	 * Who took part.
	 * @return the names
	 */
	public List<String> contestants() {
		return this.rounds.get(0).stream().map(Outcome::contestant).toList();
	}

	/**
	 * What was measured, beside the same of the outbox by hand in the same round: the
	 * latency at a given rate, otherwise the rate.
	 * @param contestant the contestant
	 * @return the ratio, or nothing if it has none
	 */
	public String ratio(String contestant) {
		return ratios(contestant).rounded();
	}

	Spread ratios(String contestant) {
		ToDoubleFunction<Outcome> measure = this.trial.load().isPaced() ? (outcome) -> outcome.latency().p50()
				: Outcome::rate;
		return Spread.of(this.rounds.stream()
			.mapToDouble((round) -> of(round, contestant, measure) / of(round, Contestant.BY_HAND.title(), measure)));
	}

	Spread measure(String contestant, ToDoubleFunction<Outcome> measure) {
		return Spread.of(this.rounds.stream().mapToDouble((round) -> of(round, contestant, measure)));
	}

	private static double of(List<Outcome> round, String contestant, ToDoubleFunction<Outcome> measure) {
		return round.stream()
			.filter((outcome) -> outcome.contestant().equals(contestant))
			.mapToDouble(measure)
			.findFirst()
			.orElse(Double.NaN);
	}

	/**
	 * Put it into a table, in Markdown.
	 * @return the lines
	 */
	public String table() {
		StringBuilder table = new StringBuilder("""
				| | events/s | %s, beside by hand | commit to receipt, ms: p50 | p99 | transaction, ms: p50 | p99 \
				| CPU, us/event: contestant | database | broker | events | missing | duplicates | reordered |
				|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|
				""".formatted(this.trial.load().isPaced() ? "p50 of commit to receipt" : "events/s"));
		for (String contestant : contestants()) {
			Outcome.Counts counts = counts(contestant);
			table.append(String.format(Locale.ROOT,
					"| %s | %s | %s | %s | %s | %s | %s | %s | %s | %s | %,d | %,d | %,d | %,d |%n", contestant,
					measure(contestant, Outcome::rate).rounded(), ratios(contestant),
					measure(contestant, (outcome) -> outcome.latency().p50()).rounded(),
					measure(contestant, (outcome) -> outcome.latency().p99()).rounded(),
					measure(contestant, (outcome) -> outcome.transaction().p50()).rounded(),
					measure(contestant, (outcome) -> outcome.transaction().p99()).rounded(),
					micros(contestant, ProcessorTime::contestant), micros(contestant, ProcessorTime::database),
					micros(contestant, ProcessorTime::broker), counts.events(), counts.missing(), counts.duplicates(),
					counts.reordered()));
		}
		return table.toString();
	}

	private String micros(String contestant, Function<ProcessorTime, Duration> part) {
		return measure(contestant, (outcome) -> part.apply(outcome.cpu()).toNanos() / 1e3).rounded();
	}

	private Outcome.Counts counts(String contestant) {
		return this.rounds.stream()
			.flatMap(List::stream)
			.filter((outcome) -> outcome.contestant().equals(contestant))
			.map(Outcome::counts)
			.reduce(new Outcome.Counts(0, 0, 0, 0, 0), Outcome.Counts::plus);
	}

}
