package dev.outbox.benchmarks.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import dev.outbox.benchmarks.run.Backlog;
import dev.outbox.benchmarks.run.EventCosts;
import dev.outbox.benchmarks.run.Outage;
import dev.outbox.benchmarks.run.Outcome;
import org.jfree.data.category.DefaultCategoryDataset;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;

/**
 * Writes the sections of a document, each between two marks, and the plots beside it.
 * What stands outside of the marks is left as it is.
 */
public final class Report {

	private static final String TITLES = "performance";

	private final Path document;

	private final String suffix;

	private final Machine machine;

	/**
	 * Create a report.
	 * @param document the document
	 * @param suffix follows the names of sections and plots
	 * @param machine on what was measured
	 */
	public Report(Path document, String suffix, Machine machine) {
		this.document = document;
		this.suffix = suffix;
		this.machine = machine;
	}

	/**
	 * Write the section of a workload.
	 * @param workload the workload
	 * @param summaries its trials
	 * @throws IOException if it cannot be written
	 */
	public void write(String workload, List<Summary> summaries) throws IOException {
		StringBuilder section = new StringBuilder();
		for (Summary summary : summaries) {
			section.append("%s, medians of %d rounds:%n%n%s%n".formatted(sentence(summary.trial().title()),
					summary.rounds().size(), summary.table()));
		}
		List<Summary> paced = summaries.stream().filter((summary) -> summary.trial().load().isPaced()).toList();
		List<Summary> unpaced = summaries.stream().filter((summary) -> !summary.trial().load().isPaced()).toList();
		DefaultCategoryDataset ratios = new DefaultCategoryDataset();
		unpaced.forEach((summary) -> summary.contestants()
			.forEach((contestant) -> ratios.addValue(summary.ratios(contestant).median(), summary.trial().title(),
					contestant)));
		String what = (unpaced.size() == 1) ? unpaced.get(0).trial().title() + ": " : "";
		Plot.bars(plot(workload), what + "events/s beside by hand", "by hand = 1", ratios, false);
		section.append(image(workload));
		if (!paced.isEmpty()) {
			DefaultCategoryDataset latencies = new DefaultCategoryDataset();
			for (Summary summary : paced) {
				summary.contestants()
					.stream()
					.filter((contestant) -> latency(summary, contestant).isKnown())
					.forEach((contestant) -> latencies.addValue(latency(summary, contestant).median(),
							summary.trial().title(), contestant));
			}
			Plot.bars(plot(workload + "-latency"), "commit to receipt, median", "ms", latencies, true);
			section.append(image(workload + "-latency"));
		}
		replace(workload, section.toString());
	}

	private static Spread latency(Summary summary, String contestant) {
		return summary.measure(contestant, (Outcome outcome) -> outcome.latency().p50());
	}

	/**
	 * Write the section on idle contestants.
	 * @param statements how many statements each made
	 * @param seconds in which time
	 * @throws IOException if it cannot be written
	 */
	public void writeIdle(Map<String, Long> statements, long seconds) throws IOException {
		StringBuilder table = new StringBuilder("| | statements in %d s |%n|---|--:|%n".formatted(seconds));
		statements.forEach((contestant, count) -> table.append("| %s | %d |%n".formatted(contestant, count)));
		replace("idle", table + "\n");
	}

	/**
	 * Write the section on starts.
	 * @param starts how long those of each contestant took
	 * @throws IOException if it cannot be written
	 */
	public void writeStart(Map<String, List<Duration>> starts) throws IOException {
		StringBuilder table = new StringBuilder("""
				| | starts | ms, median | least | most |
				|---|--:|--:|--:|--:|
				""");
		starts.forEach((contestant, times) -> {
			Spread spread = Spread.of(times.stream().mapToDouble(Duration::toMillis));
			table.append(String.format(Locale.ROOT, "| %s | %d | %,.0f | %,.0f | %,.0f |%n", contestant, times.size(),
					spread.median(), spread.least(), spread.most()));
		});
		replace("start", table + "\n");
	}

	/**
	 * Write the section on what an event costs the processor.
	 * @param costs the costs
	 * @throws IOException if it cannot be written
	 */
	public void writeCosts(List<EventCosts.Cost> costs) throws IOException {
		StringBuilder table = new StringBuilder("""
				| | us | +/- | bytes allocated |
				|---|--:|--:|--:|
				""");
		for (EventCosts.Cost cost : costs) {
			table.append(String.format(Locale.ROOT, "| `%s` | %.2f | %.2f | %,.0f |%n", cost.name(), cost.nanos() / 1e3,
					cost.error() / 1e3, cost.bytes()));
		}
		replace("cpu", table + "\n");
	}

	/**
	 * Write the section on an outage.
	 * @param results what came of it
	 * @param seconds how long it was
	 * @throws IOException if it cannot be written
	 */
	public void writeOutage(List<Outage.Result> results, long seconds) throws IOException {
		StringBuilder table = new StringBuilder("""
				The broker was down for %d s:

				| | events | events/s meanwhile | failed transactions | longest transaction, ms | seconds to catch up \
				| missing | duplicates | reordered |
				|---|--:|--:|--:|--:|--:|--:|--:|--:|
				""".formatted(seconds));
		for (Outage.Result result : results) {
			Outcome.Counts counts = result.counts();
			table.append(String.format(Locale.ROOT, "| %s | %,d | %.1f | %,d | %,.0f | %.1f | %,d | %,d | %,d |%n",
					result.contestant(), counts.events(), result.rate(), counts.failed(), result.longest(),
					result.recovery(), counts.missing(), counts.duplicates(), counts.reordered()));
		}
		replace("outage", table + "\n");
	}

	/**
	 * Write the section on backlogs.
	 * @param drains what came of each
	 * @throws IOException if it cannot be written
	 */
	public void writeBacklog(List<Backlog.Drain> drains) throws IOException {
		StringBuilder table = new StringBuilder("""
				| | rows | start to first receipt, s | events/s from then on | missing | duplicates | reordered |
				|---|--:|--:|--:|--:|--:|--:|
				""");
		XYSeriesCollection lines = new XYSeriesCollection();
		for (Backlog.Drain drain : drains) {
			table.append(String.format(Locale.ROOT, "| %s | %,d | %.1f | %,.0f | %,d | %,d | %,d |%n",
					drain.contestant(), drain.size(), drain.first(), drain.rate(), drain.missing(), drain.duplicates(),
					drain.reordered()));
			if (lines.getSeriesIndex(drain.contestant()) < 0) {
				lines.addSeries(new XYSeries(drain.contestant()));
			}
			lines.getSeries(drain.contestant()).add(drain.size(), drain.rate());
		}
		Plot.lines(plot("backlog"), "rows waiting at the start", "rows", "events/s", lines);
		replace("backlog", table + "\n" + image("backlog"));
	}

	private Path plot(String name) {
		return this.document.resolveSibling(TITLES).resolve(name + this.suffix + ".svg");
	}

	private String image(String name) {
		return "![%s](%s/%s.svg)%n%n".formatted(name, TITLES, name + this.suffix);
	}

	private static String sentence(String title) {
		return title.substring(0, 1).toUpperCase(Locale.ROOT) + title.substring(1);
	}

	private void replace(String name, String section) throws IOException {
		String begin = "<!-- %s: written by the benchmark -->%n".formatted(name + this.suffix);
		String end = "<!-- end of %s -->".formatted(name + this.suffix);
		String text = Files.exists(this.document) ? Files.readString(this.document) : "";
		if (!text.contains(begin)) {
			text += "\n" + begin + end + "\n";
		}
		int from = text.indexOf(begin) + begin.length();
		Files.createDirectories(this.document.toAbsolutePath().getParent());
		Files.writeString(this.document, text.substring(0, from) + "\n" + this.machine.text() + "\n\n" + section
				+ text.substring(text.indexOf(end, from)));
	}

}
