package dev.outbox.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import dev.outbox.model.ModelChecker.Fault;
import dev.outbox.model.ModelChecker.Result;
import dev.outbox.model.ModelChecker.Size;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The model of the protocol keeps its promises, and each way in which it was broken on
 * purpose is refuted. Set {@code model.size} to {@code large} for sizes that take long,
 * and {@code model.traces} to {@code write} to keep new traces.
 */
class ProtocolModelTests {

	private static final Path TRACES = Path.of("..", "docs", "model", "traces");

	private static final String SAFETY = """
			SPECIFICATION Spec
			INVARIANTS Atomic InOrder
			PROPERTIES ClearedWhenRead
			SYMMETRY Symmetry""";

	private static final String LIVENESS = """
			SPECIFICATION FairSpec
			PROPERTIES Delivered Drains""";

	@TempDir
	private Path folder;

	@ParameterizedTest(name = "{0}")
	@MethodSource
	void firstDeliveriesAreInOrderAndNothingIsClearedUnread(Size size) {
		passes(size, SAFETY);
	}

	static Stream<Size> firstDeliveriesAreInOrderAndNothingIsClearedUnread() {
		return isLarge()
				? Stream.of(new Size(1, 2, Fault.CRASHES, Fault.CLOSES, Fault.REFUSALS), new Size(2, 1, Fault.values()))
				: Stream.of(new Size(2, 1, Fault.CRASHES, Fault.CLOSES, Fault.REFUSALS, Fault.LOSSES));
	}

	@Tag("long")
	@ParameterizedTest(name = "{0}")
	@MethodSource
	void twoEventsAreInOrderAndNothingIsClearedUnread(Size size) {
		passes(size, SAFETY);
	}

	static Stream<Size> twoEventsAreInOrderAndNothingIsClearedUnread() {
		return Stream.of(new Size(1, 2, Fault.CLOSES, Fault.REFUSALS),
				new Size(1, 2, Fault.ROLLBACKS, Fault.CRASHES, Fault.GROWTHS));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource
	void everythingIsDeliveredWhenTheFaultsStop(Size size) {
		passes(size, LIVENESS);
	}

	static Stream<Size> everythingIsDeliveredWhenTheFaultsStop() {
		return Stream.of(isLarge() ? new Size(1, 1, Fault.values()) : new Size(2, 1, Fault.CRASHES));
	}

	@Tag("long")
	@Test
	void everythingIsDeliveredWhenManyFaultsStop() {
		passes(new Size(1, 1, Fault.CRASHES, Fault.CLOSES, Fault.REFUSALS, Fault.LOSSES), LIVENESS);
	}

	private void passes(Size size, String properties) {
		Result result = new ModelChecker(this.folder).check(size, "none", properties, 2, Duration.ofMinutes(30));
		System.out.println(size + ": " + result.states());
		assertThat(result.isPassed()).as(() -> String.join("\n", result.output())).isTrue();
	}

	@Tag("long")
	@ParameterizedTest(name = "{0}")
	@MethodSource
	void isRefuted(String mutant, Size size, String property) throws IOException {
		Result result = new ModelChecker(this.folder).check(size, mutant,
				property.equals("Temporal") ? LIVENESS : SAFETY, 1, Duration.ofMinutes(5));
		assertThat(result.isRefuted(property)).as(() -> String.join("\n", result.output())).isTrue();
		Path trace = TRACES.resolve(mutant.replace(' ', '-') + ".txt");
		if ("write".equals(System.getProperty("model.traces"))) {
			Files.createDirectories(TRACES);
			Files.writeString(trace, result.trace());
		}
		// TLC may find another endless behaviour each time.
		if (!property.equals("Temporal")) {
			assertThat(trace).as("To keep new traces, run this test with -Dmodel.traces=write")
				.hasContent(result.trace());
		}
	}

	static List<Arguments> isRefuted() {
		return List.of(mutant("no flush before the insert", "InOrder"), mutant("no order check", "InOrder"),
				mutant("what precedes as of an old snapshot", "InOrder"),
				mutant("the order check before the commit", "InOrder", Fault.REFUSALS),
				mutant("what a closed channel had under way counts as sent", "InOrder", Fault.CLOSES),
				mutant("an answer from before a failure", "InOrder", Fault.CLOSES),
				mutant("a failed send leaves the channel open", "InOrder", Fault.REFUSALS),
				mutant("pipelined from the first", "InOrder", Fault.REFUSALS),
				mutant("no wait when the topic has grown", "InOrder", Fault.GROWTHS),
				mutant("the relay skips locked rows", "InOrder"), mutant("the relay starts in the middle", "InOrder"),
				mutant("the relay steps over what is not due", "InOrder"),
				mutant("blocked for one page only", "InOrder"), mutant("an unbounded pass", "InOrder"),
				mutant("the relay ignores failures", "InOrder", Fault.CLOSES),
				mutant("clear earlier rows with a later one", "ClearedWhenRead", Fault.LOSSES),
				mutant("clear by offset alone", "ClearedWhenRead", Fault.LOSSES),
				mutant("no relay", "Temporal", Fault.CRASHES));
	}

	private static Arguments mutant(String name, String property, Fault... faults) {
		return Arguments.of(name, new Size(1, 2, faults), property);
	}

	private static boolean isLarge() {
		return "large".equals(System.getProperty("model.size"));
	}

}
