package dev.outbox.faults;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.outbox.testsupport.ChildJvm;
import dev.outbox.testsupport.TcpProxy;
import org.jspecify.annotations.Nullable;

import static org.awaitility.Awaitility.await;

/**
 * An instance of the application, in a JVM of its own, behind proxies of its own.
 */
final class Instance implements AutoCloseable {

	private static final List<String> JVM = List.of("-Xmx192m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
			"-Xshare:auto", "-XX:+EnableDynamicAgentLoading", "-Djdk.attach.allowAttachSelf=true");

	private final Path orders;

	private final Path answers;

	private final TcpProxy toBroker;

	private final TcpProxy toDatabase;

	private final List<String> arguments = new ArrayList<>();

	private final List<String> log = new ArrayList<>();

	private Orders current = Orders.rest(1);

	private @Nullable ChildJvm jvm;

	private String name = "";

	Instance(Path folder, int number, TcpProxy toBroker, TcpProxy toDatabase, String prefix) {
		this.orders = folder.resolve(number + ".orders");
		this.answers = folder.resolve(number + ".answers");
		this.toBroker = toBroker;
		this.toDatabase = toDatabase;
		this.arguments.addAll(List.of(this.orders.toString(), this.answers.toString(), prefix));
		order(this.current);
	}

	void configure(List<String> properties) {
		this.arguments.addAll(properties);
	}

	TcpProxy toBroker() {
		return this.toBroker;
	}

	TcpProxy toDatabase() {
		return this.toDatabase;
	}

	// The name that the instance has for the outbox.
	String name() {
		return this.name;
	}

	void start() {
		launch();
		awaitStart();
	}

	void launch() {
		new Answer(0, 0).write(this.answers);
		this.jvm = ChildJvm.start(InstanceProgram.class, JVM, this.arguments);
	}

	void awaitStart() {
		String line = jvm().awaitLine(InstanceProgram.READY, Arena.PATIENCE);
		this.name = line.substring(line.indexOf(InstanceProgram.READY) + InstanceProgram.READY.length());
	}

	void restart() {
		jvm().stop();
		close();
		start();
	}

	void kill() {
		jvm().kill();
		close();
	}

	void pause() {
		jvm().pause();
	}

	void resume() {
		jvm().resume();
	}

	void publish(Fault fault, long seed) {
		order(new Orders(this.current.number() + 1, fault.name(), seed, this.current.skew()));
	}

	void rest() {
		order(Orders.rest(this.current.number() + 1));
	}

	void skew(Duration skew) {
		order(new Orders(this.current.number() + 1, this.current.fault(), this.current.seed(), skew.toMillis()));
		awaitObedience();
	}

	private void order(Orders orders) {
		this.current = orders;
		orders.write(this.orders);
	}

	void awaitObedience() {
		await().atMost(Arena.PATIENCE).until(() -> Answer.read(this.answers).number() == this.current.number());
	}

	Duration longestTransaction() {
		return Duration.ofMillis(Answer.read(this.answers).longest());
	}

	private ChildJvm jvm() {
		ChildJvm jvm = this.jvm;
		if (jvm == null) {
			throw new IllegalStateException("The instance does not run");
		}
		return jvm;
	}

	// What all its lives have printed.
	List<String> log() {
		List<String> all = new ArrayList<>(this.log);
		if (this.jvm != null) {
			all.addAll(this.jvm.output());
		}
		return all;
	}

	@Override
	public void close() {
		ChildJvm jvm = this.jvm;
		if (jvm != null) {
			jvm.kill();
			this.log.addAll(jvm.output());
			this.jvm = null;
			jvm.close();
		}
	}

}
