package dev.outbox.dispatch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

import dev.outbox.store.OrderingKey;
import dev.outbox.store.OutboxRecord;
import dev.outbox.store.PlacedEvent;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Instances that share a table and whose every step is chosen at random: commits and
 * hand-overs in any order, overflows, acknowledgements that are lost, refused requests,
 * channels that close, crashes, operators that pause, discard, unblock and resend, topics
 * that grow, confirmations in any order, and relays on any instance at any time, also
 * with pages that were read long ago.
 */
class SimulationTests {

	private static final int SEEDS = 400;

	private static final int STEPS = 1500;

	private static final int KEYS = 4;

	private static final List<Trouble> TROUBLES = List.of(Trouble.OUTAGE, Trouble.TOPIC, Trouble.POISON);

	private static final PoisonRules BLOCK_HALF = new PoisonRules() {

		@Override
		public PoisonPolicy policy(OutboxRecord event) {
			return (event.eventId().hashCode() % 2 == 0) ? PoisonPolicy.PARK : PoisonPolicy.BLOCK;
		}

		@Override
		public OutboxRecord deadLetter(OutboxRecord event, SendException reason) {
			throw new IllegalStateException("No dead letters here");
		}

	};

	@Test
	void firstDeliveriesOfEachKeyArriveInTheOrderOfTheTable() {
		for (int seed = 0; seed < SEEDS; seed++) {
			new Simulation(seed).run();
		}
	}

	private static final class Simulation {

		private final int seed;

		private final Random random;

		private final FakeTable table = new FakeTable();

		private final List<UUID> log = new ArrayList<>();

		private final Map<UUID, OutboxRecord> events = new HashMap<>();

		private final Set<UUID> discarded = new HashSet<>();

		private final Set<UUID> resent = new HashSet<>();

		private final List<Instance> instances = new ArrayList<>();

		private final List<Runnable> handOvers = new ArrayList<>();

		private final List<List<ResendPage.Row>> oldPages = new ArrayList<>();

		private final Map<Instance, RunningPass> passes = new HashMap<>();

		private int partitions = 3;

		Simulation(int seed) {
			this.seed = seed;
			this.random = new Random(seed);
			for (int i = 0; i < 2; i++) {
				this.instances.add(instance());
			}
		}

		void run() {
			for (int step = 0; step < STEPS; step++) {
				step();
				check("step " + step);
			}
			this.handOvers.forEach(Runnable::run);
			this.instances.forEach((instance) -> instance.pause(false));
			drain();
			check("the end");
			assertThat(this.table.rows).as("Rows left with seed %d", this.seed).isEmpty();
			this.instances.forEach(this::checkThatNothingIsHeld);
			assertThat(new HashSet<>(this.log)).as("Delivered with seed %d", this.seed)
				.containsAll(this.events.keySet()
					.stream()
					.filter((id) -> !this.table.parked.containsKey(id) && !this.discarded.contains(id))
					.toList());
		}

		private void step() {
			int which = this.random.nextInt(this.instances.size());
			Instance instance = this.instances.get(which);
			switch (this.random.nextInt(28)) {
				case 0, 1, 2, 3 -> commit(instance);
				case 4, 5, 6 -> handOver();
				case 7, 8 -> instance.turn();
				case 9 -> instance.turnWithoutTable();
				case 10 -> instance.askTable();
				case 19 -> instance.answer();
				case 11 -> withChannel(instance, (channel) -> channel.append(partition()));
				case 12, 13 -> withChannel(instance, (channel) -> channel.acknowledge(partition()));
				case 14 -> confirm();
				case 15 -> instance.pass(Duration.ofMillis(this.random.nextInt(15_000)));
				case 16 -> relayOldPage(instance);
				case 20, 21, 22 -> relayNextPage(instance);
				case 23 -> rarely(4, this::discard);
				case 24 -> rarely(4, this::resend);
				case 26 -> rarely(10, this.table.blocked::clear);
				case 25 -> instance.pause(this.random.nextInt(3) == 0);
				case 17 -> rarely(20, () -> this.instances.set(which, instance()));
				case 18 -> rarely(4, () -> withChannel(instance, (channel) -> channel.refuse(partition(), trouble())));
				default -> rarely(100, () -> {
					this.partitions++;
					this.instances.forEach((one) -> one.broker.partitions = this.partitions);
				});
			}
		}

		// Relays on one instance, without faults, until the table is empty.
		private void drain() {
			Instance relay = this.instances.get(0);
			for (int round = 0; round < 50 && !this.table.rows.isEmpty(); round++) {
				relay.pass(Duration.ofMinutes(2));
				// A failure that is taken note of only now may block another one.
				this.table.blocked.clear();
				ResendPage page = new ResendPage(new ResendPage.Pass(), this.table.page(0, Integer.MAX_VALUE));
				relay.resend(page);
				for (int turn = 0; turn < 50; turn++) {
					relay.pass(Duration.ofMillis(200));
					relay.turn();
					relay.broker.acknowledgeAll();
				}
				assertThat(page.done()).as("Page with seed %d", this.seed).isDone();
				this.table.clear(this.log);
			}
		}

		private void checkThatNothingIsHeld(Instance instance) {
			for (int turn = 0; turn < 50; turn++) {
				instance.pass(Duration.ofSeconds(40));
				instance.turn();
				instance.broker.acknowledgeAll();
			}
			assertThat(instance.held.events()).as("Events held with seed %d", this.seed).isZero();
		}

		private void commit(Instance instance) {
			List<OutboxRecord> events = new ArrayList<>();
			for (int i = this.random.nextInt(3); i >= 0; i--) {
				OutboxRecord event = new OutboxRecord(new UUID(this.random.nextLong(), this.random.nextLong()), "T",
						"topic", "key" + this.random.nextInt(KEYS), "{}", Map.of());
				this.events.put(event.eventId(), event);
				events.add(event);
			}
			this.table.places = this.random.nextBoolean();
			this.table.clock = () -> instance.nanos;
			this.table.beforeCommit = this.table.places ? (placed) -> {
			} : (placed) -> rarely(2, () -> expect(instance, placed));
			List<PlacedEvent> placed = insert(events);
			boolean atOnce = this.random.nextBoolean();
			this.handOvers.add(() -> {
				if (atOnce) {
					instance.offerAtOnce(placed.toArray(PlacedEvent[]::new));
				}
				else {
					instance.offer(placed);
				}
			});
		}

		// Or nothing, if the transaction is rolled back.
		private List<PlacedEvent> insert(List<OutboxRecord> events) {
			Consumer<List<PlacedEvent>> beforeCommit = this.table.beforeCommit;
			boolean rolledBack = this.random.nextInt(10) == 0;
			this.table.beforeCommit = (placed) -> {
				beforeCommit.accept(placed);
				if (rolledBack) {
					throw new IllegalStateException("Rolled back");
				}
			};
			try {
				return this.table.insert(events);
			}
			catch (IllegalStateException ex) {
				events.forEach((event) -> this.events.remove(event.eventId()));
				return List.of();
			}
			finally {
				this.table.beforeCommit = (placed) -> {
				};
			}
		}

		// The question comes to the table before the commit, or later.
		private void expect(Instance instance, List<PlacedEvent> placed) {
			if (this.random.nextBoolean()) {
				instance.expect(placed);
			}
			else {
				instance.expectAtOnce(placed);
			}
			this.table.down = this.random.nextInt(5) == 0;
			while (this.random.nextBoolean() && instance.askTable()) {
				rarely(2, instance::answer);
			}
			this.table.down = false;
		}

		private void handOver() {
			if (!this.handOvers.isEmpty()) {
				Runnable handOver = this.handOvers.remove(this.random.nextInt(this.handOvers.size()));
				if (this.random.nextInt(20) > 0) {
					handOver.run();
				}
			}
		}

		private void confirm() {
			if (!this.log.isEmpty()) {
				int from = this.random.nextInt(this.log.size());
				this.table.clear(this.log.subList(from, Math.min(this.log.size(), from + 10)));
			}
		}

		private void discard() {
			List<OutboxRecord> rows = List.copyOf(this.table.rows.values());
			if (!rows.isEmpty()) {
				UUID eventId = rows.get(this.random.nextInt(rows.size())).eventId();
				this.discarded.add(eventId);
				this.table.clear(List.of(eventId));
			}
		}

		private void resend() {
			List<UUID> parked = List.copyOf(this.table.parked.keySet());
			if (!parked.isEmpty()) {
				UUID eventId = parked.get(this.random.nextInt(parked.size()));
				this.table.parked.remove(eventId);
				this.resent.add(eventId);
				this.table.insert(List.of(Objects.requireNonNull(this.events.get(eventId))));
			}
		}

		// The relay of an instance that was paused between reading and sending.
		private void relayOldPage(Instance instance) {
			if (this.random.nextBoolean()) {
				this.oldPages.add(page(0, 1 + this.random.nextInt(30)));
			}
			else if (!this.oldPages.isEmpty()) {
				this.passes.remove(instance);
				instance.resend(new ResendPage(new ResendPage.Pass(),
						this.oldPages.remove(this.random.nextInt(this.oldPages.size()))));
			}
		}

		// The relay's way: small pages, the next one when the last one is done, though it
		// may have been read before; no further than what was there at the begin of the
		// pass.
		private void relayNextPage(Instance instance) {
			RunningPass pass = this.passes.computeIfAbsent(instance, (key) -> new RunningPass(this.table.lastId()));
			if (pass.next.isEmpty()) {
				pass.next = page(pass.after, 1 + this.random.nextInt(6)).stream()
					.filter((row) -> row.event().id() <= pass.end)
					.toList();
			}
			if (pass.page != null && !pass.page.done().isDone()) {
				// The relay may fail at any time.
				rarely(20, () -> {
					this.passes.remove(instance);
					pass.pass.end();
				});
				return;
			}
			boolean isVoid = pass.page != null && pass.page.done().isCompletedExceptionally();
			if (pass.next.isEmpty() || isVoid) {
				this.passes.remove(instance);
				pass.pass.end();
				return;
			}
			pass.after = pass.next.get(pass.next.size() - 1).event().id();
			pass.page = new ResendPage(pass.pass, pass.next);
			pass.next = List.of();
			instance.resend(pass.page);
		}

		// As far as it is known, some may merely be unread.
		private List<ResendPage.Row> page(long after, int limit) {
			boolean lost = this.random.nextBoolean();
			return this.table.page(after, limit)
				.stream()
				.map((row) -> new ResendPage.Row(row.event(), row.due(), lost))
				.toList();
		}

		private Instance instance() {
			FakeBroker broker = new FakeBroker() {

				@Override
				void appended(UUID eventId) {
					Simulation.this.log.add(eventId);
				}

			};
			broker.partitions = this.partitions;
			return new Instance(this.table, broker, BLOCK_HALF);
		}

		private void check(String when) {
			Map<OrderingKey, Long> last = new HashMap<>();
			Set<UUID> seen = new HashSet<>();
			for (UUID eventId : this.log) {
				if (!hasLeftTheOrder(eventId) && seen.add(eventId)) {
					OrderingKey key = Objects.requireNonNull(this.events.get(eventId)).orderingKey();
					long id = this.table.ids.getOrDefault(eventId, 0L);
					assertThat(id).as("First delivery of %s at %s with seed %d", key, when, this.seed)
						.isGreaterThan(last.getOrDefault(key, 0L));
					last.put(key, id);
				}
			}
		}

		// Here it can still be sent, by an old page.
		private boolean hasLeftTheOrder(UUID eventId) {
			return this.table.parked.containsKey(eventId) || this.discarded.contains(eventId)
					|| this.resent.contains(eventId);
		}

		private int partition() {
			return this.random.nextInt(this.partitions);
		}

		private Trouble trouble() {
			return TROUBLES.get(this.random.nextInt(TROUBLES.size()));
		}

		private void rarely(int times, Runnable what) {
			if (this.random.nextInt(times) == 0) {
				what.run();
			}
		}

		private static void withChannel(Instance instance, Consumer<FakeBroker.Channel> action) {
			FakeBroker.Channel channel = instance.broker.last;
			if (channel != null && !channel.isClosed()) {
				action.accept(channel);
			}
		}

	}

	private static final class RunningPass {

		private final ResendPage.Pass pass = new ResendPage.Pass();

		private final long end;

		private long after;

		private @Nullable ResendPage page;

		private List<ResendPage.Row> next = List.of();

		RunningPass(long end) {
			this.end = end;
		}

	}

}
