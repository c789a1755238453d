package dev.outbox.dispatch;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.UUID;

import dev.outbox.health.InstanceHealth;
import dev.outbox.store.PlacedEvent;
import org.jspecify.annotations.Nullable;

/**
 * The dispatcher of one instance without its thread: the test takes the turns.
 */
class Instance {

	static final Duration STALE_AFTER = Duration.ofSeconds(10);

	private static final Duration MEMORY = Duration.ofMinutes(20);

	final List<UUID> acknowledged = new ArrayList<>();

	final FakeBroker broker;

	final Sequencer sequencer;

	final InstanceHealth health;

	private final EventLoop loop = new EventLoop("test", () -> 0);

	private final Queue<Runnable> questions = new ArrayDeque<>();

	private final Queue<Runnable> answers = new ArrayDeque<>();

	final HeldBytes held;

	long nanos = 1;

	boolean noThreads;

	@Nullable ResendPage page;

	Instance(FakeTable table, FakeBroker broker) {
		this(table, broker, PoisonRules.park());
	}

	Instance(FakeTable table, FakeBroker broker, DispatchSettings settings) {
		this.broker = broker;
		this.held = new HeldBytes(settings.maxHeldBytes());
		this.health = new InstanceHealth(MEMORY, () -> this.nanos);
		Outlet outlet = new Outlet(broker.factory(), this.loop, this.acknowledged::add, () -> this.nanos, settings,
				this.health);
		table.clock = () -> this.nanos;
		Lookup lookup = new Lookup(table, this::ask, this.answers::add, () -> this.nanos);
		this.sequencer = new Sequencer(table, lookup, new EarlyLookup(table, this::ask), outlet, settings,
				() -> this.nanos, this.held);
	}

	Instance(FakeTable table, FakeBroker broker, PoisonRules poison) {
		this(table, broker, new DispatchSettings(true, STALE_AFTER, 1 << 24, 1 << 16, 1000, poison));
	}

	private void ask(Runnable question) {
		if (this.noThreads) {
			throw new OutOfMemoryError("unable to create native thread");
		}
		this.questions.add(question);
	}

	void offer(PlacedEvent... events) {
		offer(List.of(events));
	}

	void offer(List<PlacedEvent> events) {
		if (this.held.tryAdd(events)) {
			this.loop.execute(() -> this.sequencer.committed(events));
		}
	}

	// As the dispatcher offers them, on the thread of the transaction.
	void offerAtOnce(PlacedEvent... events) {
		List<PlacedEvent> rest = new ArrayList<>(List.of(events));
		this.loop.tryInstead(() -> this.sequencer.committedAtOnce(rest));
		if (!rest.isEmpty()) {
			offer(rest);
		}
	}

	void expect(List<PlacedEvent> events) {
		this.sequencer.expect(events, (placed) -> this.answers.add(() -> this.sequencer.placed(placed)));
	}

	// As the dispatcher does: the thread that has asked takes the place of its own.
	void expectAtOnce(List<PlacedEvent> events) {
		this.sequencer.expect(events, (placed) -> {
			List<PlacedEvent> rest = new ArrayList<>(placed);
			this.loop.tryInstead(() -> this.sequencer.placedAtOnce(rest));
			if (!rest.isEmpty()) {
				this.answers.add(() -> this.sequencer.placed(rest));
			}
		});
	}

	void resend(ResendPage page) {
		this.page = page;
		this.loop.execute(() -> this.sequencer.resend(page));
	}

	boolean isHurried() {
		return this.loop.isHurried();
	}

	void pause(boolean paused) {
		this.sequencer.pause(paused);
	}

	// From then on the topic flows, through one partition. The event is gone.
	void flow(FakeTable table, PlacedEvent event) {
		this.broker.partitions = 1;
		offer(event);
		settle();
		this.broker.acknowledgeAll();
		settle();
		table.clear(this.broker.log);
		table.looks = 0;
		pass(Lookup.APART);
	}

	// Answers for how long the instance could sleep. The table is asked, but its answer
	// is worked off in the next turn.
	long turn() {
		long idle = turnWithoutTable();
		boolean asked = askTable();
		return (answer() || asked) ? 0 : idle;
	}

	// The same while the table does not answer.
	long turnWithoutTable() {
		this.loop.runMessages();
		return this.sequencer.turn();
	}

	// The table is asked; the answer is on its way.
	boolean askTable() {
		Runnable question = this.questions.poll();
		if (question != null) {
			question.run();
		}
		return question != null;
	}

	// The answer has come and will be worked off in the next turn.
	boolean answer() {
		Runnable answer = this.answers.poll();
		if (answer != null) {
			this.loop.execute(answer);
		}
		return answer != null;
	}

	// Takes turns until there is nothing more to do for now.
	void settle() {
		for (int i = 0; i < 100; i++) {
			if (turn() > 0) {
				this.loop.runMessages();
				if (turn() > 0) {
					return;
				}
			}
		}
		throw new AssertionError("The dispatcher runs hot");
	}

	void pass(Duration time) {
		this.nanos += time.toNanos();
	}

}
