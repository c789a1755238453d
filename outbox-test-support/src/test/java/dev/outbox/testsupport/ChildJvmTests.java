package dev.outbox.testsupport;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link ChildJvm}.
 */
class ChildJvmTests {

	private static final Duration SOON = Duration.ofSeconds(20);

	@Test
	void programGetsItsArgumentsAndRunsUntilItIsKilled() {
		try (ChildJvm child = ChildJvm.start(Program.class, List.of("-Xmx64m", "-Dgreeting=Hello"), List.of("a b"))) {
			assertThat(child.awaitLine("ready", SOON)).isEqualTo("Hello a b, ready");
			assertThat(child.isAlive()).isTrue();
			child.kill();
			assertThat(child.isAlive()).isFalse();
			assertThat(child.output()).contains("Hello a b, ready").doesNotContain("stopped");
		}
	}

	@Test
	void stoppedProgramEndsInOrder() {
		try (ChildJvm child = ChildJvm.start(Program.class, List.of("-Xmx64m"), List.of(""))) {
			child.awaitLine("ready", SOON);
			child.stop();
			assertThat(child.isAlive()).isFalse();
			assertThat(child.output()).contains("stopped");
		}
	}

	@Test
	void pausedProgramIsSilentUntilItResumes() {
		try (ChildJvm child = ChildJvm.start(Program.class, List.of("-Xmx64m"), List.of(""))) {
			child.awaitLine("tick 3", SOON);
			child.pause();
			int printed = child.output().size();
			assertThatIllegalStateException()
				.isThrownBy(() -> child.awaitLine("tick " + (printed + 10), Duration.ofMillis(500)))
				.withMessageContaining("within PT0.5S")
				.withMessageContaining("tick 3");
			child.resume();
			child.awaitLine("tick " + (printed + 10), SOON);
		}
	}

	@Test
	void endOfTheProgramIsReportedWithItsOutput() {
		try (ChildJvm child = ChildJvm.start(Program.class, List.of("-Xmx64m"), List.of())) {
			assertThatIllegalStateException().isThrownBy(() -> child.awaitLine("ready", SOON))
				.withMessageContaining("ended with 1 before")
				.withMessageContaining("ArrayIndexOutOfBoundsException");
			assertThatIllegalStateException().isThrownBy(child::pause).withMessageContaining("has ended");
		}
	}

	public static final class Program {

		private Program() {
		}

		public static void main(String[] args) throws InterruptedException {
			Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("stopped")));
			System.out.println(System.getProperty("greeting") + " " + args[0] + ", ready");
			for (int tick = 1;; tick++) {
				System.out.println("tick " + tick);
				Thread.sleep(10);
			}
		}

	}

}
