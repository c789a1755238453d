package dev.outbox.dispatch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.outbox.store.OutboxRecord;
import dev.outbox.store.PlacedEvent;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What happens between a question to the table and its answer.
 */
class LookupTests {

	private final FakeTable table = new FakeTable();

	private final FakeBroker broker = new FakeBroker();

	private final Instance instance = new Instance(this.table, this.broker);

	@BeforeEach
	void prove() {
		this.instance.flow(this.table, commit("a"));
	}

	@Test
	void othersGoOnWhileTheTableIsAsked() {
		PlacedEvent asked = commit("a");
		this.instance.offer(asked);
		this.instance.turnWithoutTable();
		this.table.places = true;
		PlacedEvent placed = commit("b");
		this.instance.offer(placed);
		assertThat(this.instance.turnWithoutTable()).as("sleeps").isPositive();
		assertThat(sent()).containsExactly(id(placed));
		this.instance.settle();
		assertThat(sent()).containsExactly(id(placed), id(asked));
	}

	@Test
	void oneQuestionIsUnderWayAtATimeAndAsksForAllThatWaitMeanwhile() {
		this.instance.offer(commit("a"));
		this.instance.turnWithoutTable();
		for (String key : List.of("b", "c", "d")) {
			this.instance.offer(commit(key));
			assertThat(this.instance.turnWithoutTable()).as("sleeps").isPositive();
		}
		this.instance.settle();
		assertThat(this.table.looks).isEqualTo(2);
		this.broker.acknowledgeAll();
		this.instance.settle();
		assertThat(this.table.looks).isEqualTo(2);
	}

	@Test
	void anAnswerIsVoidIfAFailureHasTakenBackWhatWasSentBeforeTheQuestion() {
		PlacedEvent first = commit("a");
		this.instance.offer(first);
		this.instance.settle();
		FakeBroker.Channel channel = this.broker.channel();
		PlacedEvent second = commit("a");
		this.instance.offer(second);
		this.instance.turnWithoutTable();
		channel.refuse(partition(first), Trouble.CLOSED);
		this.instance.turnWithoutTable();
		this.instance.settle();
		assertThat(this.broker.channel()).isNotSameAs(channel);
		this.broker.acknowledgeAll();
		this.instance.settle();
		this.broker.acknowledgeAll();
		assertThat(this.broker.log).endsWith(id(first), id(second));
	}

	@Test
	void whatWasSentMeanwhileIsNotInTheWayOfThoseBehindIt() {
		PlacedEvent first = commit("a");
		ResendPage page = new ResendPage(new ResendPage.Pass(), this.table.page(0, 100));
		PlacedEvent second = commit("a");
		this.instance.offer(first, second);
		this.instance.turnWithoutTable();
		this.instance.resend(page);
		this.instance.turnWithoutTable();
		assertThat(sent()).containsExactly(id(first));
		this.instance.settle();
		assertThat(sent()).containsExactly(id(first), id(second));
	}

	@Test
	void whatIsCommittedMeanwhileIsAskedForByTheNextQuestion() {
		PlacedEvent first = commit("a");
		List<PlacedEvent> second = new ArrayList<>();
		this.instance.offer(first);
		this.table.lates = 0;
		this.table.looked = () -> {
			this.table.looked = () -> {
			};
			second.add(commit("a"));
			this.instance.offer(second);
		};
		this.instance.settle();
		assertThat(sent()).containsExactly(id(first), id(second.get(0)));
		assertThat(this.table.looks).isEqualTo(2);
		assertThat(this.table.lates).as("questions for single events").isZero();
	}

	@Test
	void nothingIsSentIfTheAnswerComesWhileSendingIsPaused() {
		PlacedEvent event = commit("a");
		this.instance.offer(event);
		this.instance.turnWithoutTable();
		this.instance.pause(true);
		this.instance.settle();
		assertThat(sent()).isEmpty();
		this.instance.pause(false);
		this.instance.settle();
		assertThat(sent()).containsExactly(id(event));
	}

	@Test
	void aShutdownWaitsForTheAnswer() {
		PlacedEvent event = commit("a");
		this.instance.offer(event);
		this.instance.turnWithoutTable();
		CompletableFuture<Void> drained = new CompletableFuture<>();
		this.instance.sequencer.drain(drained, Duration.ofSeconds(10));
		this.instance.turnWithoutTable();
		assertThat(drained).isNotDone();
		this.instance.settle();
		this.broker.acknowledgeAll();
		this.instance.settle();
		assertThat(drained).isDone();
		assertThat(this.broker.log).endsWith(id(event));
	}

	@Test
	void aTableThatCannotBeAskedIsAskedAgainAfterAPause() {
		PlacedEvent event = commit("a");
		this.instance.offer(event);
		this.table.down = true;
		this.instance.settle();
		this.table.down = false;
		assertThat(this.instance.turnWithoutTable()).as("sleeps").isPositive();
		assertThat(this.instance.askTable()).isFalse();
		this.instance.pass(Duration.ofMillis(100));
		this.instance.settle();
		assertThat(sent()).containsExactly(id(event));
	}

	@Test
	void whereThereIsMuchToAskTwoQuestionsBeginSomeTimeApart() {
		this.instance.offer(IntStream.range(0, 20).mapToObj((number) -> commit("key" + number)).toList());
		this.instance.settle();
		PlacedEvent event = commit("b");
		this.instance.offer(event);
		assertThat(this.instance.turn()).isBetween(1L, Lookup.APART.toNanos());
		assertThat(this.table.looks).isEqualTo(1);
		this.instance.pass(Lookup.APART);
		this.instance.settle();
		assertThat(sent()).endsWith(id(event));
		assertThat(this.table.looks).isEqualTo(2);
	}

	@Test
	void aShutdownDoesNotWaitForMoreToAsk() {
		this.instance.offer(IntStream.range(0, 20).mapToObj((number) -> commit("key" + number)).toList());
		this.instance.settle();
		this.broker.acknowledgeAll();
		PlacedEvent event = commit("b");
		this.instance.offer(event);
		this.instance.turn();
		CompletableFuture<Void> drained = new CompletableFuture<>();
		this.instance.sequencer.drain(drained, Duration.ofSeconds(10));
		this.instance.settle();
		assertThat(drained).isNotDone();
		assertThat(sent()).containsExactly(id(event));
	}

	@Test
	void withoutAThreadToAskWithTheTableIsAskedAgainLater() {
		this.instance.noThreads = true;
		PlacedEvent event = commit("a");
		this.instance.offer(event);
		this.instance.settle();
		this.instance.noThreads = false;
		assertThat(sent()).isEmpty();
		this.instance.pass(Duration.ofMillis(100));
		this.instance.settle();
		assertThat(sent()).containsExactly(id(event));
	}

	@Test
	void itIsBehindAsLongAsManyOwnEventsWaitAndAreBeingSentLate() {
		List<PlacedEvent> many = Stream.generate(() -> commit("b")).limit(1001).toList();
		many.forEach((event) -> this.instance.held.add(event.event()));
		sendAfter(Duration.ofMillis(50));
		assertThat(this.instance.sequencer.isBehind()).as("in time").isFalse();
		sendAfter(Duration.ofMillis(51));
		assertThat(this.instance.sequencer.isBehind()).isTrue();
		this.instance.pass(Duration.ofMillis(99));
		assertThat(this.instance.sequencer.isBehind()).isTrue();
		this.instance.pass(Duration.ofMillis(1));
		assertThat(this.instance.sequencer.isBehind()).as("nothing is sent").isFalse();
		this.instance.broker.acknowledgeAll();
		this.instance.settle();
		assertThat(this.instance.sequencer.isBehind()).as("nothing is sent but acknowledged").isFalse();
		sendAfter(Duration.ofMillis(51));
		this.instance.held.remove(many.get(0).event());
		assertThat(this.instance.sequencer.isBehind()).as("not so many").isFalse();
	}

	@Test
	void itIsBehindAsLongAsNothingIsSentBecauseTooMuchIsUnderWayAndAcknowledged() {
		this.broker.partitions = 2;
		this.instance.held.add(large("d", 1 << 20));
		// The second one is too much by itself.
		this.instance.offer(this.table.insert(List.of(large("a", 1 << 15))));
		this.instance.offer(this.table.insert(List.of(large("b", 1 << 17))));
		this.instance.turnWithoutTable();
		this.instance.pass(Duration.ofMillis(51));
		this.instance.settle();
		assertThat(this.instance.sequencer.isBehind()).isTrue();
		this.instance.pass(Duration.ofMillis(100));
		assertThat(this.instance.sequencer.isBehind()).as("nothing moves").isFalse();
		this.instance.broker.channel().acknowledge(this.instance.broker.partition("a"));
		this.instance.turnWithoutTable();
		assertThat(this.instance.sequencer.isBehind()).isTrue();
	}

	private static OutboxRecord large(String key, int size) {
		return new OutboxRecord(UUID.randomUUID(), "T", "topic", key, "x".repeat(size), Map.of());
	}

	@Test
	void itIsBehindAlsoIfFewOwnEventsWaitThatAreLarge() {
		OutboxRecord large = large("b", 1 << 20);
		this.instance.held.add(large);
		sendAfter(Duration.ofMillis(51));
		assertThat(this.instance.sequencer.isBehind()).isTrue();
		this.instance.held.remove(large);
		assertThat(this.instance.sequencer.isBehind()).isFalse();
	}

	private void sendAfter(Duration time) {
		this.instance.offer(commit("a"));
		this.instance.turnWithoutTable();
		this.instance.pass(time);
		this.instance.settle();
	}

	private int partition(PlacedEvent placed) {
		return this.broker.channel().partition(placed.event().orderingKey());
	}

	// Through the present channel, without what was acknowledged.
	private List<UUID> sent() {
		List<UUID> sent = new ArrayList<>();
		this.broker.channel().requests.forEach((request) -> sent.add(request.event.eventId()));
		return sent;
	}

	private PlacedEvent commit(String key) {
		OutboxRecord event = new OutboxRecord(UUID.randomUUID(), "T", "topic", key, "{}", Map.of());
		return this.table.insert(List.of(event)).get(0);
	}

	private static UUID id(PlacedEvent placed) {
		return placed.event().eventId();
	}

}
