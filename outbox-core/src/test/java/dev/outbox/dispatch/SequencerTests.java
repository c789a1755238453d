package dev.outbox.dispatch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

import dev.outbox.store.Attempt;
import dev.outbox.store.OutboxRecord;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is sent when, one case at a time.
 */
class SequencerTests {

	private final FakeTable table = new FakeTable();

	private final FakeBroker broker = new FakeBroker();

	private final Instance instance = new Instance(this.table, this.broker);

	@Test
	void ownEventIsSent() {
		OutboxRecord event = commit("a");
		this.instance.offer(event);
		this.instance.settle();
		assertThat(sent()).containsExactly(event.eventId());
	}

	@Test
	void firstEventForAPartitionGoesAloneAndTheNextOnesArePipelined() {
		OutboxRecord[] events = { commit("a"), commit("a"), commit("a") };
		this.instance.offer(events);
		this.instance.settle();
		assertThat(sent()).hasSize(1);
		this.broker.acknowledgeAll();
		this.instance.settle();
		assertThat(sent()).containsExactly(events[1].eventId(), events[2].eventId());
	}

	@Test
	void eventsGoOutInTheOrderOfTheTableWhateverTheOrderOfTheHandOver() {
		OutboxRecord first = commit("a");
		OutboxRecord second = commit("a");
		this.instance.offer(second);
		this.instance.settle();
		assertThat(sent()).isEmpty();
		this.instance.offer(first);
		this.instance.pass(Duration.ofSeconds(1));
		this.instance.settle();
		this.broker.acknowledgeAll();
		this.instance.settle();
		this.broker.acknowledgeAll();
		assertThat(this.broker.log).containsExactly(first.eventId(), second.eventId());
	}

	@Test
	void anothersEventHoldsItsKeyButNoOtherKey() {
		OutboxRecord foreign = commit("a");
		OutboxRecord own = commit("a");
		OutboxRecord other = commit("b");
		this.instance.offer(own, other);
		this.instance.settle();
		assertThat(sent()).containsExactly(other.eventId());
		this.broker.acknowledgeAll();
		this.table.clear(List.of(foreign.eventId()));
		this.instance.pass(Duration.ofSeconds(1));
		this.instance.settle();
		assertThat(sent()).containsExactly(own.eventId());
	}

	@Test
	void whatIsNotInTheTableIsNotSent() {
		OutboxRecord event = commit("a");
		this.table.clear(List.of(event.eventId()));
		this.instance.offer(event);
		this.instance.settle();
		assertThat(sent()).isEmpty();
	}

	@Test
	void anEventThatIsCommittedAfterAHigherIdIsSentAllTheSame() {
		OutboxRecord late = commit("a");
		Long id = this.table.ids.get(late.eventId());
		this.table.rows.remove(id);
		OutboxRecord early = commit("a");
		this.instance.offer(early);
		this.instance.settle();
		this.broker.acknowledgeAll();
		this.table.rows.put((id != null) ? id : 0L, late);
		this.instance.offer(late);
		this.instance.settle();
		assertThat(sent()).containsExactly(late.eventId());
	}

	@Test
	void allThatWasUnderWayIsSentAgainInOrderWhenTheChannelCloses() {
		OutboxRecord[] events = { commit("a"), commit("a"), commit("a"), commit("a") };
		this.instance.offer(events);
		this.instance.settle();
		this.broker.acknowledgeAll();
		this.instance.settle();
		this.broker.channel().refuse(this.broker.channel().requests.get(0).partition, Trouble.OUTAGE);
		this.instance.settle();
		this.instance.pass(Duration.ofSeconds(5));
		this.instance.settle();
		this.broker.acknowledgeAll();
		this.instance.settle();
		this.broker.acknowledgeAll();
		assertThat(this.broker.log).containsExactly(ids(events));
	}

	@Test
	void aPoisonedEventIsParkedAndThoseBehindItGoOn() {
		OutboxRecord[] events = { commit("a"), commit("a"), commit("a") };
		this.instance.offer(events);
		this.instance.settle();
		this.broker.channel().refuse(this.broker.channel().requests.get(0).partition, Trouble.POISON);
		this.instance.settle();
		this.broker.acknowledgeAll();
		this.instance.settle();
		this.broker.acknowledgeAll();
		assertThat(this.table.parked).containsOnlyKeys(events[0].eventId());
		assertThat(this.broker.log).containsExactly(events[1].eventId(), events[2].eventId());
	}

	@Test
	void aTroubledTopicWaitsLongerEachTimeWhileOthersGoOn() {
		this.broker.troubledTopics.put("bad", Trouble.TOPIC);
		OutboxRecord bad = commit("bad", "a");
		OutboxRecord good = commit("good", "a");
		this.instance.offer(bad, good);
		this.instance.settle();
		assertThat(sent()).containsExactly(good.eventId());
		this.broker.acknowledgeAll();
		this.broker.troubledTopics.clear();
		assertThat(this.instance.turn()).isPositive();
		this.instance.pass(Duration.ofSeconds(1));
		this.instance.settle();
		assertThat(sent()).containsExactly(bad.eventId());
	}

	@Test
	void nothingIsAskedOrSentDuringAnOutageAndAllIsSentAfterIt() {
		this.broker.troubledTopics.put("topic", Trouble.OUTAGE);
		OutboxRecord event = commit("a");
		this.instance.offer(event);
		this.instance.settle();
		assertThat(this.instance.turn()).isPositive();
		this.broker.troubledTopics.clear();
		this.instance.pass(Duration.ofSeconds(3));
		this.instance.settle();
		assertThat(sent()).containsExactly(event.eventId());
	}

	@Test
	void anUnreadableTableIsReadAgainLater() {
		OutboxRecord event = commit("a");
		this.table.down = true;
		this.instance.offer(event);
		this.instance.settle();
		this.table.down = false;
		this.instance.pass(Duration.ofSeconds(1));
		this.instance.settle();
		assertThat(sent()).containsExactly(event.eventId());
	}

	@Test
	void anEventWaitsForThoseOfItsKeyThatAreBoundForAnotherPartition() {
		OutboxRecord first = commit("a");
		OutboxRecord second = commit("a");
		this.instance.offer(first);
		this.instance.settle();
		int before = this.broker.channel().requests.get(0).partition;
		while (this.broker.channel().partition(first.orderingKey()) == before) {
			this.broker.partitions++;
		}
		this.instance.offer(second);
		this.instance.settle();
		assertThat(sent()).containsExactly(first.eventId());
		this.broker.acknowledgeAll();
		this.instance.settle();
		assertThat(sent()).containsExactly(second.eventId());
	}

	@Test
	void whatIsBeyondTheBoundIsLeftToTheRelay() {
		Instance small = new Instance(this.table, this.broker,
				new DispatchSettings(true, Instance.STALE_AFTER, 500, 1 << 16, 10));
		OutboxRecord kept = commit("a");
		OutboxRecord forgotten = commit("b");
		OutboxRecord alsoForgotten = commit("c");
		small.offer(kept);
		small.offer(forgotten);
		small.offer(alsoForgotten);
		small.settle();
		assertThat(sent()).doesNotContain(alsoForgotten.eventId()).contains(kept.eventId());
	}

	@Test
	void aPageIsSentWhoeverHasCommittedItAndItsOutcomeIsReported() throws Exception {
		OutboxRecord[] events = { commit("a"), commit("b"), commit("a") };
		CompletableFuture<List<Attempt>> outcome = resend();
		for (int i = 0; i < 4; i++) {
			this.instance.settle();
			this.broker.acknowledgeAll();
		}
		this.instance.settle();
		assertThat(outcome).isCompleted();
		assertThat(outcome.get()).hasSize(3).allMatch((attempt) -> attempt.error() == null);
		assertThat(this.broker.log).containsExactlyInAnyOrder(ids(events))
			.containsSubsequence(events[0].eventId(), events[2].eventId());
	}

	@Test
	void aPageDoesNotRepeatWhatThisInstanceHasJustSent() {
		OutboxRecord event = commit("a");
		this.instance.offer(event);
		this.instance.settle();
		this.broker.acknowledgeAll();
		this.instance.settle();
		CompletableFuture<List<Attempt>> outcome = resend();
		this.instance.settle();
		assertThat(outcome).isCompletedWithValue(List.of());
		this.instance.pass(Instance.STALE_AFTER);
		CompletableFuture<List<Attempt>> later = resend();
		this.instance.settle();
		assertThat(sent()).containsExactly(event.eventId());
		assertThat(later).isNotDone();
	}

	@Test
	void aPageIsVoidWhenTheChannelCloses() {
		commit("a");
		CompletableFuture<List<Attempt>> outcome = resend();
		this.instance.settle();
		this.broker.channel().close(Duration.ZERO);
		this.instance.settle();
		assertThat(outcome).isCompletedExceptionally();
	}

	@Test
	void anOwnEventIsSentAsSoonAsAPageHasSentThoseBeforeIt() {
		OutboxRecord foreign = commit("a");
		OutboxRecord own = commit("a");
		this.instance.offer(own);
		this.instance.settle();
		this.instance.resend(new ResendPage(new ResendPage.Pass(), this.table.page(0, 1)));
		this.instance.settle();
		this.broker.acknowledgeAll();
		this.instance.pass(Duration.ofSeconds(1));
		this.instance.settle();
		this.broker.acknowledgeAll();
		assertThat(this.broker.log).containsExactly(foreign.eventId(), own.eventId());
	}

	@Test
	void aPassDoesNotOvertakeAnEventThatFailedBetweenTwoOfItsPages() {
		OutboxRecord own = commit("a");
		OutboxRecord foreign = commit("a");
		ResendPage.Pass pass = new ResendPage.Pass();
		this.instance.offer(own);
		this.instance.settle();
		this.instance.resend(new ResendPage(pass, this.table.page(0, 1)));
		this.instance.settle();
		this.broker.channel().refuse(this.broker.channel().requests.get(0).partition, Trouble.TOPIC);
		this.instance.settle();
		this.instance.pass(Duration.ofSeconds(2));
		this.table.down = true;
		this.instance.resend(new ResendPage(pass, List.of(row(foreign))));
		this.instance.settle();
		assertThat(sent()).doesNotContain(foreign.eventId());
	}

	@Test
	void anEventThatWasNeverSentIsResentAlthoughItsKeyIsInUseAllTheTime() {
		OutboxRecord lost = commit("a");
		ResendPage.Row row = row(lost);
		this.table.clear(List.of(lost.eventId()));
		for (int i = 0; i < 10; i++) {
			this.instance.offer(commit("a"));
			this.instance.settle();
			this.broker.acknowledgeAll();
			this.instance.resend(new ResendPage(new ResendPage.Pass(), List.of(row)));
			this.instance.settle();
			this.broker.acknowledgeAll();
			this.instance.pass(Duration.ofSeconds(5));
		}
		assertThat(this.broker.log).contains(lost.eventId());
	}

	@Test
	void aPartitionThatIsStuckHoldsNeitherTheOtherKeysNorThePage() {
		OutboxRecord stuck = commit("a");
		commit("d");
		OutboxRecord free = commit("b");
		CompletableFuture<List<Attempt>> outcome = resend();
		for (int i = 0; i < 10; i++) {
			this.instance.settle();
			int partition = this.broker.channel().partition(free.orderingKey());
			this.broker.channel().acknowledge(partition);
			this.instance.pass(Duration.ofSeconds(2));
		}
		assertThat(this.broker.log).containsExactly(free.eventId()).doesNotContain(stuck.eventId());
		assertThat(outcome).isCompleted();
	}

	@Test
	void drainingEndsWhenNothingIsUnderWay() {
		this.instance.offer(commit("a"));
		this.instance.settle();
		CompletableFuture<Void> drained = new CompletableFuture<>();
		this.instance.sequencer.drain(drained);
		this.instance.settle();
		assertThat(drained).isNotDone();
		this.broker.acknowledgeAll();
		this.instance.settle();
		assertThat(drained).isDone();
	}

	private CompletableFuture<List<Attempt>> resend() {
		ResendPage page = new ResendPage(new ResendPage.Pass(), this.table.page(0, 100));
		this.instance.resend(page);
		return page.done();
	}

	private ResendPage.Row row(OutboxRecord event) {
		return this.table.page(0, 100)
			.stream()
			.filter((row) -> row.event().event().equals(event))
			.findFirst()
			.orElseThrow();
	}

	private List<UUID> sent() {
		List<UUID> sent = new ArrayList<>();
		if (this.broker.last != null) {
			this.broker.last.requests.forEach((request) -> sent.add(request.event.eventId()));
		}
		return sent;
	}

	private OutboxRecord commit(String key) {
		return commit("topic", key);
	}

	private OutboxRecord commit(String topic, String key) {
		OutboxRecord event = new OutboxRecord(UUID.randomUUID(), "T", topic, key, "{}", Map.of());
		this.table.insert(List.of(event));
		return event;
	}

	private static UUID[] ids(OutboxRecord... events) {
		return List.of(events).stream().map(OutboxRecord::eventId).toArray(UUID[]::new);
	}

}
