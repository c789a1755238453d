package dev.outbox.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A process with those that it has started.
 *
 * @param root the process
 */
record ProcessTree(ProcessHandle root) {

	/**
	 * The process that has written its id to the first line of a file.
	 * @param pidFile the file
	 * @return the process
	 * @throws IllegalStateException if it does not run
	 */
	static ProcessTree of(Path pidFile) {
		try (Stream<String> lines = Files.lines(pidFile)) {
			long pid = Long.parseLong(lines.findFirst().orElseThrow().strip());
			return new ProcessTree(ProcessHandle.of(pid)
				.orElseThrow(() -> new IllegalStateException("Process %d of %s does not run".formatted(pid, pidFile))));
		}
		catch (IOException ex) {
			throw new UncheckedIOException("The process is not known", ex);
		}
	}

	/**
	 * End all of them at once, by SIGKILL, and wait until they are gone.
	 */
	void kill() {
		List<ProcessHandle> processes = processes();
		processes.forEach(ProcessHandle::destroyForcibly);
		processes.forEach((process) -> process.onExit().join());
	}

	/**
	 * The processor time that those that still run have used so far.
	 * @return the time
	 */
	Duration cpu() {
		return processes().stream()
			.flatMap((process) -> process.info().totalCpuDuration().stream())
			.reduce(Duration.ZERO, Duration::plus);
	}

	/**
	 * Send a signal to all of them, to the first one first.
	 * @param signal its name, such as {@code STOP}
	 * @return whether the first one got it
	 */
	boolean signal(String signal) {
		if (!signal(signal, List.of(this.root))) {
			return false;
		}
		List<ProcessHandle> started = this.root.descendants().toList();
		// Some may have ended meanwhile.
		boolean all = started.isEmpty() || signal(signal, started);
		return all || this.root.isAlive();
	}

	private static boolean signal(String signal, List<ProcessHandle> processes) {
		List<String> command = new ArrayList<>(List.of("kill", "-" + signal));
		processes.forEach((process) -> command.add(Long.toString(process.pid())));
		try {
			Process kill = new ProcessBuilder(command).redirectErrorStream(true)
				.redirectOutput(Redirect.DISCARD)
				.start();
			return kill.onExit().join().exitValue() == 0;
		}
		catch (IOException ex) {
			throw new UncheckedIOException("The command kill, which only POSIX systems have, could not be run", ex);
		}
	}

	private List<ProcessHandle> processes() {
		return Stream.concat(Stream.of(this.root), this.root.descendants()).toList();
	}

}
