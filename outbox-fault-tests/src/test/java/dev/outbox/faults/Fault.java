package dev.outbox.faults;

import java.time.Duration;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.function.Consumer;

import dev.outbox.testsupport.Server;
import dev.outbox.testsupport.TcpProxy;

/**
 * What can go wrong.
 */
@SuppressWarnings("ImmutableEnumChecker") // functions without state
enum Fault {

	/**
	 * Nothing, for comparison.
	 */
	NONE("none", Timing.SHORT, (arena, random) -> Timing::nothing),

	/**
	 * One instance is killed by SIGKILL, and started again.
	 */
	KILL_INSTANCE("kill -9 of an instance", Timing.SHORT, (arena, random) -> {
		Instance victim = arena.victim(random);
		victim.kill();
		return victim::start;
	}),

	/**
	 * Each instance in turn is ended in an orderly way and started again.
	 */
	ROLLING_RESTART("rolling restart", Timing.SHORT, (arena, random) -> {
		arena.restartAll();
		return Timing::nothing;
	}),

	/**
	 * The broker's process is killed, and started again.
	 */
	KILL_BROKER("kill -9 of the broker", Timing.SHORT, (arena, random) -> kill(arena.broker())),

	/**
	 * The database's processes are killed, and started again.
	 */
	KILL_DATABASE("kill -9 of the database", Timing.SHORT, (arena, random) -> kill(arena.database())),

	/**
	 * One instance is held by SIGSTOP for longer than every time-out.
	 */
	PAUSE_INSTANCE("SIGSTOP of an instance", Timing.LONG, (arena, random) -> {
		Instance victim = arena.victim(random);
		victim.pause();
		return victim::resume;
	}),

	/**
	 * The broker is held for longer than every time-out.
	 */
	PAUSE_BROKER("SIGSTOP of the broker", Timing.LONG, (arena, random) -> pause(arena.broker())),

	/**
	 * The database is held for longer than every time-out.
	 */
	PAUSE_DATABASE("SIGSTOP of the database", Timing.LONG, (arena, random) -> pause(arena.database())),

	/**
	 * Connections to the broker are reset, again and again.
	 */
	CUT_BROKER("connections to the broker cut", Timing.SHORT, onBroker(TcpProxy::cut)),

	/**
	 * What goes to the broker, and what it answers, comes late.
	 */
	DELAY_BROKER("connections to the broker slow", Timing.SHORT, onBroker(Timing::slowDown)),

	/**
	 * Connections to the broker are half-open.
	 */
	SILENCE_BROKER("connections to the broker half-open", Timing.LONG, onBroker(TcpProxy::silence)),

	/**
	 * Connections to the database are reset, again and again.
	 */
	CUT_DATABASE("connections to the database cut", Timing.SHORT, onDatabase(TcpProxy::cut)),

	/**
	 * What goes to the database, and what it answers, comes late.
	 */
	DELAY_DATABASE("connections to the database slow", Timing.SHORT, onDatabase(Timing::slowDown)),

	/**
	 * Connections to the database are half-open.
	 */
	SILENCE_DATABASE("connections to the database half-open", Timing.LONG, onDatabase(TcpProxy::silence)),

	/**
	 * A stranger joins the group that reads back, reads, commits nothing and leaves.
	 */
	REBALANCE("rebalance", Timing.SHORT, (arena, random) -> {
		Intruder intruder = Intruder.join(arena);
		return intruder::close;
	}),

	/**
	 * The topic grows.
	 */
	ADD_PARTITIONS("partition increase", Timing.SHORT, (arena, random) -> {
		arena.addPartitions();
		return Timing::nothing;
	}),

	/**
	 * Offsets of the group that reads back are set to the beginning or to the end.
	 */
	RESET_OFFSETS("offset reset", Timing.SHORT, (arena, random) -> {
		try (Intruder intruder = Intruder.join(arena)) {
			intruder.resetOffsets(random);
		}
		return Timing::nothing;
	}),

	/**
	 * One instance's clock is wrong, by up to two hours, in either direction.
	 */
	CLOCK_JUMP("clock jump of an instance", Timing.SHORT, (arena, random) -> {
		Instance victim = arena.victim(random);
		victim.skew(Duration.ofMinutes(random.nextBoolean() ? 40 : 120).multipliedBy(random.nextBoolean() ? 1 : -1));
		return () -> victim.skew(Duration.ZERO);
	}),

	/**
	 * Among the good events are some that are too large for the topic, rows that cannot
	 * be read, and records of strangers.
	 */
	POISON("poison and oversize", Timing.SHORT, (arena, random) -> {
		arena.addPoison(random);
		return Timing::nothing;
	});

	/**
	 * How many bytes a record may have where some are too large.
	 */
	static final int LARGEST = 20_000;

	private final String title;

	private final Duration length;

	private final BiFunction<Arena, Random, Runnable> strike;

	Fault(String title, Duration length, BiFunction<Arena, Random, Runnable> strike) {
		this.title = title;
		this.length = length;
		this.strike = strike;
	}

	String title() {
		return this.title;
	}

	Duration length() {
		return this.length;
	}

	// How long a thread of the load rests between its transactions. A JVM that starts
	// needs some processor time, too: without it, what is measured is the machine.
	Duration apart() {
		return (this == ROLLING_RESTART) ? Timing.APART_WHILE_STARTING : Timing.APART;
	}

	// Answers how to heal.
	Runnable strike(Arena arena, Random random) {
		return this.strike.apply(arena, random);
	}

	private static Runnable kill(Server server) {
		server.kill();
		return server::restart;
	}

	private static Runnable pause(Server server) {
		server.pause();
		return server::resume;
	}

	private static BiFunction<Arena, Random, Runnable> onBroker(Consumer<TcpProxy> disturb) {
		return (arena, random) -> {
			var proxies = arena.some(random).stream().map(Instance::toBroker).toList();
			proxies.forEach(disturb);
			return () -> proxies.forEach(TcpProxy::heal);
		};
	}

	private static BiFunction<Arena, Random, Runnable> onDatabase(Consumer<TcpProxy> disturb) {
		return (arena, random) -> {
			var proxies = arena.some(random).stream().map(Instance::toDatabase).toList();
			proxies.forEach(disturb);
			return () -> proxies.forEach(TcpProxy::heal);
		};
	}

	/**
	 * How long faults last.
	 */
	private static final class Timing {

		private static final Duration SHORT = Duration.ofSeconds(4);

		// Longer than the session of the group, the time-outs of the clients' requests,
		// those of the database's driver, and the lease of the relay.
		private static final Duration LONG = Duration.ofSeconds(9);

		private static final Duration APART = Duration.ofMillis(4);

		private static final Duration APART_WHILE_STARTING = Duration.ofMillis(25);

		private static void nothing() {
		}

		private static void slowDown(TcpProxy proxy) {
			proxy.delay(Duration.ofMillis(250));
		}

	}

}
