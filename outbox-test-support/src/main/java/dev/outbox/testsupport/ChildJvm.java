package dev.outbox.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.apache.commons.io.FileUtils;

/**
 * A Java program in a JVM of its own, to be killed or paused by a test, which dies with
 * the test's JVM at the latest.
 */
public final class ChildJvm implements AutoCloseable {

	private static final Duration ORDERLY_END = Duration.ofSeconds(30);

	private static final int TAIL = 200;

	private final String name;

	private final Path folder;

	private final Process process;

	private ChildJvm(String name, Path folder, Process process) {
		this.name = name;
		this.folder = folder;
		this.process = process;
	}

	/**
	 * Start a program with the class path of the running tests.
	 * @param main the class with the main method
	 * @param jvmArgs arguments for the JVM, such as its heap or system properties
	 * @param args arguments for the main method
	 * @return the started program
	 */
	public static ChildJvm start(Class<?> main, List<String> jvmArgs, List<String> args) {
		return start(main.getName(), ClassPath.ofThisJvm(), jvmArgs, args);
	}

	static ChildJvm start(String main, ClassPath classPath, List<String> jvmArgs, List<String> args) {
		try {
			Path folder = Files.createTempDirectory("outbox-jvm-");
			Path argFile = Files.writeString(folder.resolve("class-path.args"), classPath.toArgument());
			List<String> command = new ArrayList<>();
			command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
			command.add("@" + argFile);
			command.addAll(jvmArgs);
			command.add(main);
			command.addAll(args);
			Process process = new ProcessBuilder(command).redirectErrorStream(true)
				.redirectOutput(folder.resolve("output.log").toFile())
				.start();
			ChildJvm child = new ChildJvm(main, folder, process);
			child.dieWithThisJvm();
			return child;
		}
		catch (IOException ex) {
			throw new UncheckedIOException("The JVM of " + main + " could not be started", ex);
		}
	}

	private void dieWithThisJvm() {
		try {
			Runtime.getRuntime().addShutdownHook(new Thread(this::close));
		}
		catch (IllegalStateException ex) {
			close();
			throw ex;
		}
	}

	/**
	 * Tell whether the process still runs, be it paused or not.
	 * @return whether it runs
	 */
	public boolean isAlive() {
		return this.process.isAlive();
	}

	/**
	 * The lines printed so far on the standard output and the standard error, without a
	 * last line that was not ended yet.
	 * @return the lines in the order in which they were printed
	 */
	public List<String> output() {
		Path log = this.folder.resolve("output.log");
		try {
			String text = new String(Files.readAllBytes(log), Charset.defaultCharset());
			return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException("The output of " + this.name + " cannot be read", ex);
		}
	}

	/**
	 * Wait until a line with the marker was printed, now or earlier.
	 * @param marker a part of the line
	 * @param timeout how long to wait at most
	 * @return the first line with the marker
	 * @throws IllegalStateException if the process ended or the time was over without it
	 */
	public String awaitLine(String marker, Duration timeout) {
		Wait.until(timeout, () -> !isAlive() || find(marker).isPresent());
		return find(marker).orElseThrow(() -> {
			String reason = isAlive() ? "did not print '%s' within %s".formatted(marker, timeout)
					: "ended with %d before it printed '%s'".formatted(this.process.exitValue(), marker);
			return new IllegalStateException(this.name + " " + reason + "; the end of its output:\n" + tail());
		});
	}

	private Optional<String> find(String marker) {
		return output().stream().filter((line) -> line.contains(marker)).findFirst();
	}

	private String tail() {
		List<String> lines = output();
		return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL), lines.size()));
	}

	/**
	 * End the program in an orderly way, by SIGTERM; by force after 30 seconds.
	 */
	public void stop() {
		if (isAlive()) {
			this.process.destroy();
			signal("CONT");
			Wait.until(ORDERLY_END, () -> !isAlive());
		}
		kill();
	}

	/**
	 * End the program at once, by SIGKILL, and wait until it is gone.
	 */
	public void kill() {
		this.process.destroyForcibly().onExit().join();
	}

	/**
	 * Hold the whole process, by SIGSTOP, with its connections open.
	 * @throws IllegalStateException if it has ended
	 */
	public void pause() {
		requireRunning(signal("STOP"));
	}

	/**
	 * Let a paused process go on, by SIGCONT.
	 * @throws IllegalStateException if it has ended
	 */
	public void resume() {
		requireRunning(signal("CONT"));
	}

	private void requireRunning(boolean signalled) {
		if (!signalled) {
			throw new IllegalStateException(this.name + " has ended, so it cannot be paused or resumed");
		}
	}

	// The processor time that the program has used so far.
	Duration cpu() {
		return new ProcessTree(this.process.toHandle()).cpu();
	}

	private boolean signal(String signal) {
		return new ProcessTree(this.process.toHandle()).signal(signal);
	}

	/**
	 * Kill the program and delete its output.
	 */
	@Override
	public void close() {
		kill();
		FileUtils.deleteQuietly(this.folder.toFile());
	}

}
