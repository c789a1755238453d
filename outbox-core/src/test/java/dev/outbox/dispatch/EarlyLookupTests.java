package dev.outbox.dispatch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import dev.outbox.store.OutboxRecord;
import dev.outbox.store.PlacedEvent;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link EarlyLookup}: what becomes of events about which the table is asked
 * before their transaction is committed.
 */
class EarlyLookupTests {

	private final FakeTable table = new FakeTable();

	private final FakeBroker broker = new FakeBroker();

	private final Instance instance = new Instance(this.table, this.broker);

	@BeforeEach
	void prove() {
		this.instance.flow(this.table, commit("a"));
		this.table.beforeCommit = this.instance::expect;
	}

	@Test
	void anEventWhoseAnswerHasComeBeforeTheCommitIsSentAtOnce() {
		this.table.beforeCommit = (events) -> {
			this.instance.expect(events);
			this.instance.askTable();
		};
		PlacedEvent event = commit("a");
		this.instance.offerAtOnce(event);
		assertThat(sent()).containsExactly(id(event));
		assertThat(this.table.looks).isEqualTo(1);
	}

	@Test
	void anEventWhoseAnswerHasNotComeWaitsForItAndIsNotAskedAboutAgain() {
		PlacedEvent event = commit("a");
		this.instance.offer(event);
		assertThat(this.instance.turnWithoutTable()).as("sleeps").isPositive();
		assertThat(sent()).isEmpty();
		this.instance.settle();
		assertThat(sent()).containsExactly(id(event));
		assertThat(this.table.looks).isEqualTo(1);
	}

	@Test
	void theThreadThatHasAskedSendsWhatWaits() {
		this.table.beforeCommit = this.instance::expectAtOnce;
		PlacedEvent event = commit("a");
		this.instance.offer(event);
		this.instance.turnWithoutTable();
		this.instance.askTable();
		assertThat(sent()).containsExactly(id(event));
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void theAnswerOfATransactionThatRollsBackIsOfNoUse(boolean atOnce) {
		this.table.beforeCommit = (events) -> {
			if (atOnce) {
				this.instance.expectAtOnce(events);
			}
			else {
				this.instance.expect(events);
			}
			throw new IllegalStateException("The commit fails");
		};
		assertThatIllegalStateException().isThrownBy(() -> commit("a"));
		this.instance.settle();
		assertThat(sent()).isEmpty();
		assertThat(this.instance.held.events()).isZero();
	}

	@Test
	void whoeverIsToldOfAnAnswerFindsIt() {
		List<Boolean> asked = new ArrayList<>();
		this.table.beforeCommit = (events) -> this.instance.sequencer.expect(events,
				(placed) -> placed.forEach((event) -> asked.add(event.isAsked())));
		commit("a");
		this.instance.askTable();
		commit("a");
		this.table.down = true;
		this.instance.askTable();
		assertThat(asked).containsExactly(false, false);
	}

	@Test
	void behindAnothersEventItWaits() {
		this.table.beforeCommit = (events) -> {
		};
		PlacedEvent foreign = commit("a");
		this.table.beforeCommit = this.instance::expect;
		PlacedEvent own = commit("a");
		this.instance.offerAtOnce(own);
		this.instance.settle();
		assertThat(sent()).isEmpty();
		this.table.clear(List.of(id(foreign)));
		this.instance.pass(Instance.STALE_AFTER.dividedBy(4));
		this.instance.settle();
		assertThat(sent()).containsExactly(id(own));
	}

	@Test
	void behindMoreThanAFewItIsAskedAgain() {
		this.table.beforeCommit = (events) -> {
		};
		List<PlacedEvent> others = Stream.generate(() -> commit("a")).limit(9).toList();
		this.table.beforeCommit = this.instance::expect;
		PlacedEvent own = commit("a");
		this.instance.askTable();
		assertThat(own.isAsked()).isFalse();
		assertThat(own.follows(others.get(8).id())).as("known").isFalse();
		this.table.clear(others.stream().limit(1).map(EarlyLookupTests::id).toList());
		PlacedEvent next = commit("a");
		this.table.clear(List.of(id(own)));
		this.instance.askTable();
		assertThat(next.follows(others.get(8).id())).isTrue();
		assertThat(next.follows(others.get(8).id() - 1)).isFalse();
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void eventsOfOneTransactionFollowEachOther(boolean beforeCommit) {
		this.table.beforeCommit = (events) -> {
			this.instance.expect(events);
			if (beforeCommit) {
				this.instance.askTable();
			}
		};
		OutboxRecord[] events = { record("a"), record("b"), record("a") };
		List<PlacedEvent> placed = this.table.insert(List.of(events));
		this.instance.askTable();
		assertThat(placed.get(2).follows(placed.get(0).id())).isTrue();
		assertThat(placed.get(2).follows(placed.get(0).id() - 1)).isFalse();
		assertThat(placed.get(1).follows(0)).isTrue();
		this.instance.offer(placed);
		this.instance.settle();
		assertThat(sent()).containsExactlyInAnyOrder(ids(placed))
			.containsSubsequence(id(placed.get(0)), id(placed.get(2)));
		assertThat(this.table.looks).isEqualTo(1);
	}

	@Test
	void oneQuestionIsAboutAllThatWait() {
		List<PlacedEvent> placed = List.of(commit("a"), commit("b"), commit("a"));
		placed.forEach(this.instance::offer);
		this.instance.settle();
		assertThat(sent()).containsExactlyInAnyOrder(ids(placed));
		assertThat(this.table.looks).isEqualTo(1);
	}

	@Test
	void whereManyWaitTheyAreAskedAboutTogetherAfterTheirCommits() {
		List<PlacedEvent> asked = Stream.generate(() -> commit("a")).limit(5).toList();
		assertThat(asked).allMatch(PlacedEvent::isAsked);
		assertThat(commit("a").isAsked()).as("too many are asked about").isFalse();
		this.instance.askTable();
		assertThat(commit("b").isAsked()).isTrue();
		asked.forEach(this.instance::offer);
		this.instance.askTable();
		assertThat(commit("c").isAsked()).as("too many wait").isFalse();
	}

	@Test
	void largeTransactionsAreAskedAboutAfterTheirCommits() {
		List<PlacedEvent> large = this.table.insert(Stream.generate(() -> record("a")).limit(65).toList());
		assertThat(large).noneMatch(PlacedEvent::isAsked);
		assertThat(this.table.insert(Stream.generate(() -> record("a")).limit(64).toList()))
			.allMatch(PlacedEvent::isAsked);
	}

	@Test
	void anEventGoesOnIfTheTableCannotBeAskedEarly() {
		PlacedEvent event = commit("a");
		this.table.down = true;
		this.instance.askTable();
		assertThat(event.isAsked()).isFalse();
		this.table.down = false;
		this.instance.offer(event);
		this.instance.settle();
		assertThat(sent()).containsExactly(id(event));
	}

	@Test
	void anEventThatWaitsGoesOnIfTheTableCannotBeAskedEarly() {
		PlacedEvent event = commit("a");
		this.instance.offer(event);
		this.instance.turnWithoutTable();
		this.table.down = true;
		this.instance.askTable();
		this.table.down = false;
		this.instance.settle();
		assertThat(sent()).containsExactly(id(event));
	}

	@Test
	void anEventGoesOnIfThereIsNoThreadToAsk() {
		this.instance.noThreads = true;
		PlacedEvent event = commit("a");
		assertThat(event.isAsked()).isFalse();
		this.instance.noThreads = false;
		this.instance.offer(event);
		this.instance.settle();
		assertThat(sent()).containsExactly(id(event));
	}

	@Test
	void whatTheDatabaseDoesNotTellTheIdsOfIsNotAskedAbout() {
		List<PlacedEvent> events = List.of(new PlacedEvent(record("a"), 0, 1), new PlacedEvent(record("b"), 0, 1));
		this.instance.expect(events);
		assertThat(this.instance.askTable()).isFalse();
		assertThat(events).noneMatch(PlacedEvent::isAsked);
	}

	@Test
	void whatIsBehindAnEventThatTheRelayHasSentMeanwhileDoesNotWaitForEver() {
		PlacedEvent first = commit("a");
		this.instance.offer(first);
		this.instance.turnWithoutTable();
		this.table.beforeCommit = (events) -> {
		};
		PlacedEvent second = commit("a");
		this.instance.offer(second);
		this.instance.turnWithoutTable();
		this.instance.resend(new ResendPage(new ResendPage.Pass(), this.table.page(0, 1)));
		this.instance.turnWithoutTable();
		assertThat(sent()).containsExactly(id(first));
		this.broker.acknowledgeAll();
		this.instance.settle();
		assertThat(sent()).containsExactly(id(second));
	}

	@Test
	void aDrainWaitsForWhatIsBehindAnEventThatTheAskingThreadHasSent() {
		this.table.beforeCommit = this.instance::expectAtOnce;
		PlacedEvent first = commit("a");
		this.table.beforeCommit = (events) -> {
		};
		PlacedEvent second = commit("a");
		this.instance.offer(first, second);
		this.instance.turnWithoutTable();
		CompletableFuture<Void> drained = new CompletableFuture<>();
		this.instance.sequencer.drain(drained, Duration.ofSeconds(10));
		this.instance.askTable();
		this.broker.acknowledgeAll();
		this.instance.turnWithoutTable();
		assertThat(drained).isNotDone();
		this.instance.settle();
		this.broker.acknowledgeAll();
		this.instance.settle();
		assertThat(this.broker.log).contains(id(first), id(second));
		assertThat(drained).isDone();
	}

	@Test
	void whatIsBehindAnEventThatTheAskingThreadHasSentGoesOn() {
		this.table.beforeCommit = this.instance::expectAtOnce;
		PlacedEvent first = commit("a");
		this.table.beforeCommit = (events) -> {
		};
		PlacedEvent second = commit("a");
		this.instance.offer(first, second);
		this.instance.turnWithoutTable();
		this.instance.askTable();
		this.instance.settle();
		assertThat(sent()).containsExactly(id(first), id(second));
	}

	@Test
	void whatIsPublishedAfterAnEventThatTheRelayHasSentMeanwhileDoesNotWaitForEver() {
		this.table.beforeCommit = this.instance::expectAtOnce;
		PlacedEvent first = commit("a");
		this.instance.offer(first);
		this.instance.turnWithoutTable();
		this.instance.resend(new ResendPage(new ResendPage.Pass(), this.table.page(0, 1)));
		this.instance.turnWithoutTable();
		assertThat(sent()).containsExactly(id(first));
		this.broker.acknowledgeAll();
		this.table.beforeCommit = (events) -> {
		};
		this.instance.settle();
		PlacedEvent foreign = commit("a");
		PlacedEvent second = commit("a");
		this.instance.offer(second);
		this.instance.settle();
		this.table.clear(List.of(id(foreign)));
		this.instance.pass(Instance.STALE_AFTER.dividedBy(4));
		this.instance.settle();
		assertThat(sent()).containsExactly(id(second));
	}

	// The first one is sent by the relay, and so not sent again here when it fails.
	@Test
	void anAnswerIsComparedWithWhatWasSentWhenTheEventIsSent() {
		this.table.beforeCommit = (events) -> {
		};
		PlacedEvent first = commit("a");
		this.instance.resend(new ResendPage(new ResendPage.Pass(), this.table.page(0, 1)));
		this.instance.settle();
		assertThat(sent()).containsExactly(id(first));
		this.table.beforeCommit = this.instance::expect;
		PlacedEvent second = commit("a");
		this.instance.askTable();
		assertThat(second.follows(first.id())).isTrue();
		this.broker.channel().refuse(0, Trouble.OUTAGE);
		this.instance.settle();
		this.instance.pass(Instance.STALE_AFTER.dividedBy(10));
		this.instance.offer(second);
		this.instance.settle();
		this.broker.acknowledgeAll();
		this.instance.settle();
		assertThat(this.broker.log).doesNotContain(id(second));
	}

	private PlacedEvent commit(String key) {
		return this.table.insert(List.of(record(key))).get(0);
	}

	private static OutboxRecord record(String key) {
		return new OutboxRecord(UUID.randomUUID(), "T", "topic", key, "{}", Map.of());
	}

	private List<UUID> sent() {
		List<UUID> sent = new ArrayList<>();
		this.broker.channel().requests.forEach((request) -> sent.add(request.event.eventId()));
		return sent;
	}

	private static UUID id(PlacedEvent placed) {
		return placed.event().eventId();
	}

	private static UUID[] ids(List<PlacedEvent> events) {
		return events.stream().map(EarlyLookupTests::id).toArray(UUID[]::new);
	}

}
