package dev.outbox.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.outbox.testsupport.ChildJvm;
import tlc2.TLC;

import org.springframework.util.StringUtils;

/**
 * Has TLC check the model of the protocol, in a JVM of its own.
 */
final class ModelChecker {

	private static final Path MODEL = Path.of("..", "docs", "model", "Outbox.tla").toAbsolutePath().normalize();

	private static final Pattern STEP = Pattern.compile("State (\\d+): <(\\w+).*>");

	private static final Pattern ASSIGNMENT = Pattern.compile("/\\\\ (\\w+) = (.*)");

	private final Path folder;

	ModelChecker(Path folder) {
		this.folder = folder;
	}

	// With one worker and one hash function the counterexample is the same each time.
	Result check(Size size, String mutant, String properties, int workers, Duration timeout) {
		try {
			Path model = Files.copy(MODEL, this.folder.resolve("Outbox.tla"));
			Files.writeString(this.folder.resolve("Outbox.cfg"), """
					CONSTANTS %s Mutant = "%s"
					%s
					CHECK_DEADLOCK FALSE
					""".formatted(size.constants(), mutant, properties));
			try (ChildJvm tlc = ChildJvm.start(TLC.class,
					List.of("-XX:+UseParallelGC", "-Xmx1g", "-Djava.io.tmpdir=" + this.folder),
					List.of("-fp", "0", "-workers", String.valueOf(workers), "-metadir",
							this.folder.resolve("states").toString(), model.toString()))) {
				tlc.awaitLine("Finished in", timeout);
				return new Result(tlc.output());
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * What may go wrong, once each.
	 */
	enum Fault {

		ROLLBACKS, CRASHES, CLOSES, REFUSALS, GROWTHS, LOSSES;

		String constant(Set<Fault> faults) {
			return "%s = %d".formatted(StringUtils.capitalize(name().toLowerCase(Locale.ROOT)),
					faults.contains(this) ? 1 : 0);
		}

	}

	/**
	 * How large the model is.
	 */
	record Size(int instances, int events, Set<Fault> faults) {

		Size(int instances, int events, Fault... faults) {
			this(instances, events, Set.of(faults));
		}

		String constants() {
			String names = IntStream.rangeClosed(1, this.instances)
				.mapToObj((number) -> "i" + number)
				.collect(Collectors.joining(", "));
			return "Instances = {%s} Events = %d %s".formatted(names, this.events,
					Stream.of(Fault.values())
						.map((fault) -> fault.constant(this.faults))
						.collect(Collectors.joining(" ")));
		}

		@Override
		public String toString() {
			return "%d instances, %d events, %s".formatted(this.instances, this.events, new TreeSet<>(this.faults));
		}

	}

	/**
	 * What TLC printed.
	 */
	record Result(List<String> output) {

		boolean isPassed() {
			return this.output.stream().anyMatch((line) -> line.contains("No error has been found"));
		}

		boolean isRefuted(String property) {
			return this.output.stream()
				.anyMatch((line) -> line.startsWith("Error: ") && line.contains(property) && line.contains("violated"));
		}

		String states() {
			return this.output.stream()
				.filter((line) -> line.contains("distinct states found"))
				.reduce((first, last) -> last)
				.orElse("");
		}

		// The steps, and for each what it changed.
		String trace() {
			StringBuilder trace = new StringBuilder();
			Map<String, String> state = new HashMap<>();
			for (String line : statements()) {
				Matcher step = STEP.matcher(line);
				Matcher assignment = ASSIGNMENT.matcher(line);
				if (step.matches()) {
					trace.append("%s %s%n".formatted(step.group(1), step.group(2)));
				}
				else if (!trace.isEmpty() && assignment.matches()
						&& !line.equals(state.put(assignment.group(1), line))) {
					trace.append("    %s = %s%n".formatted(assignment.group(1), assignment.group(2)));
				}
			}
			return trace.toString();
		}

		// Long values take several lines.
		private List<String> statements() {
			List<String> statements = new ArrayList<>();
			for (String line : this.output) {
				if (line.startsWith(" ") && !statements.isEmpty()) {
					statements.add(statements.remove(statements.size() - 1) + " " + line.strip());
				}
				else {
					statements.add(line);
				}
			}
			return statements;
		}

	}

}
