package dev.outbox.benchmarks.run;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

import dev.outbox.benchmarks.contestant.Commits;
import dev.outbox.benchmarks.contestant.Contestant;
import dev.outbox.benchmarks.contestant.ContestantProgram;
import dev.outbox.benchmarks.contestant.Load;
import dev.outbox.benchmarks.contestant.Ready;
import dev.outbox.testsupport.ChildJvm;

/**
 * A contestant's application in a JVM of its own.
 */
final class Instance implements AutoCloseable {

	private static final int LOOK = 500;

	private final ChildJvm jvm;

	private final Socket socket;

	private final ObjectOutputStream out;

	private final ObjectInputStream in;

	private final Ready ready;

	Instance(Contestant contestant, String heap, List<String> properties) {
		try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getByName("localhost"))) {
			List<String> arguments = new ArrayList<>();
			arguments.add(String.valueOf(server.getLocalPort()));
			arguments.add(contestant.name());
			arguments.addAll(properties);
			this.jvm = ChildJvm.start(ContestantProgram.class, List.of(heap), arguments);
			this.socket = accept(server);
			this.out = new ObjectOutputStream(this.socket.getOutputStream());
			this.in = new ObjectInputStream(this.socket.getInputStream());
			this.ready = (Ready) read();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private Socket accept(ServerSocket server) throws IOException {
		server.setSoTimeout(LOOK);
		while (this.jvm.isAlive()) {
			try {
				return server.accept();
			}
			catch (SocketTimeoutException ex) {
				// not yet
			}
		}
		throw new IllegalStateException("The contestant did not start:\n" + String.join("\n", this.jvm.output()));
	}

	private Object read() throws IOException {
		try {
			return this.in.readObject();
		}
		catch (IOException | ClassNotFoundException ex) {
			throw new IOException("The contestant has ended:\n" + String.join("\n", this.jvm.output()), ex);
		}
	}

	// Waits until the load has been carried out.
	Commits run(Load load) {
		try {
			this.out.writeObject(load);
			this.out.flush();
			return (Commits) read();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	long started() {
		return this.ready.started();
	}

	// How long the start of the application took, without that of the JVM.
	Duration start() {
		return Duration.of(this.ready.done() - this.ready.started(), ChronoUnit.MICROS);
	}

	// The processor time that it has used so far.
	Duration cpu() {
		return ProcessHandle.of(this.ready.pid())
			.flatMap((process) -> process.info().totalCpuDuration())
			.orElse(Duration.ZERO);
	}

	List<String> output() {
		return this.jvm.output();
	}

	@Override
	public void close() {
		try {
			this.socket.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		finally {
			this.jvm.stop();
			this.jvm.close();
		}
	}

}
