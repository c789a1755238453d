package dev.outbox.dispatch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

import dev.outbox.store.Attempt;
import dev.outbox.store.OutboxRecord;
import dev.outbox.store.PlacedEvent;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is sent when, one case at a time, whether it is known at the commit what precedes
 * events or not.
 */
@ParameterizedClass
@ValueSource(booleans = { false, true })
class SequencerTests {

	@Parameter
	boolean places;

	private final FakeTable table = new FakeTable();

	private final FakeBroker broker = new FakeBroker();

	private final Instance instance = new Instance(this.table, this.broker);

	@BeforeEach
	void tellPlaces() {
		this.table.places = this.places;
	}

	@Test
	void theTableIsAskedOnlyIfThePlacesOfEventsAreNotKnown() {
		PlacedEvent[] events = { commit("a"), commit("b"), commit("a") };
		for (PlacedEvent event : events) {
			this.instance.offer(event);
			this.instance.settle();
			this.broker.acknowledgeAll();
		}
		assertThat(this.broker.log).containsExactly(ids(events));
		assertThat(this.table.looks).isEqualTo(this.places ? 0 : events.length);
	}

	@Test
	void anEventIsSentAtOnceWhereTheTopicFlowsAndNothingOfItsKeyWaits() {
		PlacedEvent first = commit("a");
		this.instance.offerAtOnce(first);
		assertThat(this.broker.last).as("channel").isNull();
		this.instance.settle();
		this.broker.acknowledgeAll();
		this.instance.settle();
		PlacedEvent second = commit("a");
		PlacedEvent third = commit("a");
		this.instance.offerAtOnce(second, third);
		assertThat(sent()).containsExactly(this.places ? ids(second, third) : ids());
		this.instance.settle();
		assertThat(sent()).containsExactly(ids(second, third));
	}

	@Test
	void anEventIsNotSentAtOnceBehindOneThatWaits() {
		flow();
		PlacedEvent foreign = commit("a");
		PlacedEvent own = commit("a");
		PlacedEvent next = commit("a");
		this.instance.offerAtOnce(own);
		this.instance.offerAtOnce(next);
		assertThat(sent()).isEmpty();
		this.table.clear(List.of(id(foreign)));
		this.instance.pass(Duration.ofSeconds(1));
		this.instance.settle();
		assertThat(sent()).containsExactly(ids(own, next));
	}

	@Test
	void theChannelIsOpenedBeforeThereIsSomethingToSend() {
		this.instance.sequencer.prepare();
		FakeBroker.Channel opened = this.broker.channel();
		this.instance.offer(commit("a"));
		this.instance.settle();
		assertThat(sent()).hasSize(1);
		assertThat(this.broker.channel()).isSameAs(opened);
	}

	@Test
	void aChannelThatCannotBeOpenedYetIsNoTroubleUntilThereIsSomethingToSend() {
		Instance instance = new Instance(this.table, new FakeBroker() {

			@Override
			SendChannel.Factory factory() {
				return () -> {
					throw new IllegalStateException("The names do not resolve");
				};
			}

		});
		instance.sequencer.prepare();
		assertThat(instance.health.troubles(true)).isEmpty();
		instance.offer(commit("a"));
		instance.settle();
		assertThat(instance.health.troubles(true)).hasSize(1);
	}

	@Test
	void whatIsSentAtOnceNeedsNoTurnOfTheDispatcher() {
		flow();
		this.broker.log.clear();
		PlacedEvent[] events = { commit("a"), commit("b"), commit("a") };
		for (PlacedEvent event : events) {
			this.instance.offerAtOnce(event);
			this.broker.acknowledgeAll();
			this.instance.pass(Duration.ofMillis(900));
		}
		assertThat(this.broker.log).containsExactly(this.places ? ids(events) : ids());
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void nothingIsSentAtOnceWhenItsTopicHasNotBeenWrittenToLately(boolean takenNoteOfLate) {
		flow();
		if (takenNoteOfLate) {
			this.instance.offerAtOnce(commit("b"));
			this.broker.acknowledgeAll();
		}
		this.instance.pass(Duration.ofSeconds(1));
		this.broker.log.clear();
		this.instance.offerAtOnce(commit("a"));
		this.broker.acknowledgeAll();
		assertThat(this.broker.log).isEmpty();
	}

	@Test
	void nothingIsSentAtOnceOnAnInterruptedThread() {
		flow();
		try {
			Thread.currentThread().interrupt();
			this.instance.offerAtOnce(commit("a"));
			assertThat(sent()).isEmpty();
		}
		finally {
			Thread.interrupted();
		}
	}

	@Test
	void racesOfHandOversDoNotMakeTheWaitForAnothersEventLonger() {
		for (int race = 0; race < 10; race++) {
			PlacedEvent first = commit("a");
			PlacedEvent second = commit("a");
			this.instance.offer(second);
			this.instance.settle();
			this.instance.offer(first);
			this.instance.settle();
			this.broker.acknowledgeAll();
			this.instance.settle();
			this.broker.acknowledgeAll();
			this.instance.settle();
			assertThat(this.broker.log).endsWith(ids(first, second));
		}
		commit("a");
		this.instance.offer(commit("a"));
		this.instance.settle();
		assertThat(this.instance.turn()).isBetween(1L, Duration.ofMillis(2).toNanos());
	}

	@ParameterizedTest
	@EnumSource(names = { "OUTAGE", "TOPIC" })
	void nothingIsSentAtOnceInTrouble(Trouble trouble) {
		flow();
		this.broker.troubledTopics.put("topic", trouble);
		this.instance.offer(commit("a"));
		this.instance.settle();
		this.broker.troubledTopics.clear();
		this.instance.offerAtOnce(commit("b"));
		assertThat(sent()).isEmpty();
	}

	@Test
	void whatWasToBeSentAtOnceThroughAClosedChannelIsSentThroughTheNext() {
		flow();
		this.broker.channel().close(Duration.ZERO);
		PlacedEvent event = commit("a");
		this.instance.offerAtOnce(event);
		this.instance.settle();
		assertThat(sent()).containsExactly(id(event));
	}

	@Test
	void nothingIsSentAtOnceWhenTooMuchIsUnderWay() {
		Instance small = new Instance(this.table, this.broker,
				new DispatchSettings(true, Instance.STALE_AFTER, 1 << 20, 800, 10, PoisonRules.park()));
		this.broker.partitions = 5;
		List<String> keys = List.of("a", "b", "c", "d", "e");
		for (String key : keys) {
			small.offer(commit(key));
			small.settle();
			this.broker.acknowledgeAll();
			small.settle();
		}
		this.table.clear(this.broker.log);
		keys.forEach((key) -> small.offerAtOnce(commit(key)));
		assertThat(sent()).hasSize(this.places ? 4 : 0);
	}

	@Test
	void theTableIsNotAskedBecauseOfTheOrderOfTheHandOvers() {
		flow();
		int looks = this.table.looks;
		PlacedEvent first = commit("a");
		PlacedEvent second = commit("a");
		this.instance.offer(second);
		this.instance.offer(first);
		this.instance.settle();
		assertThat(sent()).containsExactly(ids(first, second));
		assertThat(this.table.looks - looks).isEqualTo(this.places ? 0 : 1);
	}

	@Test
	void theTableIsAskedWhenTheRelayOfAnotherMayHaveSentAnEvent() {
		PlacedEvent event = commit("a");
		this.table.clear(List.of(id(event)));
		this.instance.pass(Instance.STALE_AFTER.dividedBy(2).plusMillis(1));
		PlacedEvent old = new PlacedEvent(event.event(), event.id(), 1);
		old.follow(0);
		this.instance.offer(old);
		this.instance.settle();
		assertThat(sent()).isEmpty();
	}

	@Test
	void ownEventIsSent() {
		PlacedEvent event = commit("a");
		this.instance.offer(event);
		this.instance.settle();
		assertThat(sent()).containsExactly(id(event));
	}

	@Test
	void firstEventForAPartitionGoesAloneAndTheNextOnesArePipelined() {
		PlacedEvent[] events = { commit("a"), commit("a"), commit("a") };
		this.instance.offer(events);
		this.instance.settle();
		assertThat(sent()).hasSize(1);
		this.broker.acknowledgeAll();
		this.instance.settle();
		assertThat(sent()).containsExactly(id(events[1]), id(events[2]));
	}

	@Test
	void anEventGoesAloneAgainWhenItsPartitionHasBeenIdleForLong() {
		flow();
		this.instance.pass(Duration.ofMinutes(11));
		PlacedEvent first = commit("a");
		PlacedEvent second = commit("a");
		this.instance.offer(first, second);
		this.instance.settle();
		assertThat(sent()).containsExactly(id(first));
		this.broker.acknowledgeAll();
		this.instance.settle();
		assertThat(sent()).containsExactly(id(second));
	}

	@Test
	void eventsGoOutInTheOrderOfTheTableWhateverTheOrderOfTheHandOver() {
		PlacedEvent first = commit("a");
		PlacedEvent second = commit("a");
		this.instance.offer(second);
		this.instance.settle();
		assertThat(sent()).isEmpty();
		this.instance.offer(first);
		this.instance.pass(Duration.ofSeconds(1));
		this.instance.settle();
		this.broker.acknowledgeAll();
		this.instance.settle();
		this.broker.acknowledgeAll();
		assertThat(this.broker.log).containsExactly(id(first), id(second));
	}

	@Test
	void anothersEventHoldsItsKeyButNoOtherKey() {
		PlacedEvent foreign = commit("a");
		PlacedEvent own = commit("a");
		PlacedEvent other = commit("b");
		this.instance.offer(own, other);
		this.instance.settle();
		assertThat(sent()).containsExactly(id(other));
		this.broker.acknowledgeAll();
		this.table.clear(List.of(id(foreign)));
		this.instance.pass(Duration.ofSeconds(1));
		this.instance.settle();
		assertThat(sent()).containsExactly(id(own));
	}

	@Test
	void whereFewKeysWaitForAnothersEventsTheyAreLookedAtOftenAndWhereManyDoRarely() {
		assertThat(looksOfASecond(1)).isBetween(30, 55);
		assertThat(looksOfASecond(500)).isLessThan(50);
	}

	// Each waits for long already.
	private int looksOfASecond(int keys) {
		for (int key = 0; key < keys; key++) {
			commit("k" + key);
			this.instance.offer(commit("k" + key));
		}
		int looks = 0;
		for (int i = 0; i < 300; i++) {
			int before = this.table.looks;
			this.instance.pass(Duration.ofMillis(10));
			this.instance.settle();
			looks += (i >= 200) ? this.table.looks - before : 0;
		}
		return looks;
	}

	@Test
	void whatWaitsForAnothersEventForLongIsLeftToTheRelay() {
		PlacedEvent foreign = commit("a");
		PlacedEvent own = commit("a");
		this.instance.offer(own);
		this.instance.settle();
		this.instance.pass(Instance.STALE_AFTER.multipliedBy(2));
		this.instance.settle();
		this.table.clear(List.of(id(foreign)));
		this.instance.pass(Duration.ofSeconds(1));
		this.instance.settle();
		assertThat(sent()).as("no longer in memory").isEmpty();
		this.instance.resend(new ResendPage(new ResendPage.Pass(), this.table.page(0, 100)));
		this.instance.settle();
		assertThat(sent()).containsExactly(id(own));
	}

	@Test
	void onlyWhatHasLongBeenStaleItselfIsLeftToTheRelay() {
		PlacedEvent foreign = commit("a");
		PlacedEvent stale = commit("a");
		this.instance.offer(stale);
		this.instance.settle();
		this.instance.pass(Instance.STALE_AFTER);
		PlacedEvent fresh = commit("a");
		this.instance.offer(fresh);
		this.instance.settle();
		assertThat(this.instance.held.events()).isEqualTo(2);
		this.instance.pass(Instance.STALE_AFTER);
		this.instance.settle();
		assertThat(this.instance.held.events()).isOne();
		this.table.clear(List.of(id(foreign), id(stale)));
		this.instance.pass(Duration.ofSeconds(1));
		this.instance.settle();
		assertThat(sent()).containsExactly(id(fresh));
		assertThat(this.instance.held.events()).isZero();
	}

	@Test
	void whatWaitsForAnothersEventIsNotReadAgainAndAgain() {
		commit("a");
		for (int i = 0; i < 100; i++) {
			this.instance.offer(commit("a"));
		}
		this.instance.settle();
		this.table.rowsRead = 0;
		this.instance.pass(Duration.ofSeconds(1));
		this.instance.settle();
		assertThat(this.table.rowsRead).isBetween(1, 10);
	}

	@Test
	void nobodyIsToldOfAcknowledgementsAtOnceIfNothingWaitsForOne() {
		flow();
		assertThat(this.instance.isHurried()).isFalse();
		this.instance.offer(commit("a"), commit("b"));
		this.instance.settle();
		assertThat(sent()).hasSize(2);
		assertThat(this.instance.isHurried()).isFalse();
	}

	@Test
	void whoWaitsForAnAcknowledgementIsToldAtOnce() {
		this.instance.offer(commit("a"), commit("a"));
		this.instance.settle();
		assertThat(sent()).as("alone").hasSize(1);
		assertThat(this.instance.isHurried()).isTrue();
		this.broker.acknowledgeAll();
		this.instance.settle();
		assertThat(this.instance.isHurried()).isFalse();
		this.broker.acknowledgeAll();
		commit("b");
		this.instance.resend(new ResendPage(new ResendPage.Pass(), this.table.page(0, 100)));
		this.instance.settle();
		assertThat(this.instance.isHurried()).as("page").isTrue();
		this.broker.acknowledgeAll();
		this.instance.settle();
		assertThat(this.instance.isHurried()).isFalse();
		this.instance.offer(commit("b"));
		this.instance.settle();
		this.instance.sequencer.drain(new CompletableFuture<>(), Duration.ofSeconds(10));
		this.instance.settle();
		assertThat(this.instance.isHurried()).as("drain").isTrue();
	}

	@ParameterizedTest
	@EnumSource(names = { "OUTAGE", "TOPIC" })
	void theEndOfATroubleIsToldAtOnce(Trouble trouble) {
		flow();
		this.broker.troubledTopics.put("topic", trouble);
		this.instance.offer(commit("a"));
		this.instance.settle();
		assertThat(this.instance.isHurried()).isTrue();
		this.broker.troubledTopics.clear();
		this.instance.pass(Duration.ofSeconds(1));
		this.instance.settle();
		assertThat(this.instance.isHurried()).isTrue();
		this.broker.acknowledgeAll();
		this.instance.settle();
		assertThat(this.instance.isHurried()).isFalse();
	}

	@Test
	void anEventThatIsCommittedAfterAHigherIdIsSentAllTheSame() {
		PlacedEvent late = commit("a");
		Long id = this.table.ids.get(id(late));
		this.table.rows.remove(id);
		PlacedEvent early = commit("a");
		this.instance.offer(early);
		this.instance.settle();
		this.broker.acknowledgeAll();
		this.table.rows.put((id != null) ? id : 0L, late.event());
		this.instance.offer(late);
		this.instance.settle();
		assertThat(sent()).containsExactly(id(late));
	}

	@Test
	void allThatWasUnderWayIsSentAgainInOrderWhenTheChannelCloses() {
		PlacedEvent[] events = { commit("a"), commit("a"), commit("a"), commit("a") };
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
	void onlyWhatKafkaHasAcknowledgedIsPassedOnAndAtOnce() {
		flow();
		this.instance.acknowledged.clear();
		PlacedEvent[] events = { commit("a"), commit("a"), commit("a") };
		this.instance.offer(events);
		this.instance.settle();
		int partition = partition(events[0]);
		this.broker.channel().acknowledge(partition);
		assertThat(this.instance.acknowledged).containsExactly(id(events[0]));
		this.broker.channel().refuse(partition, Trouble.TOPIC);
		this.instance.settle();
		assertThat(this.instance.acknowledged).containsExactly(id(events[0]));
		this.instance.pass(Duration.ofSeconds(1));
		for (int i = 0; i < 2; i++) {
			this.instance.settle();
			this.broker.acknowledgeAll();
		}
		this.instance.settle();
		assertThat(this.instance.acknowledged).containsExactly(ids(events));
	}

	@Test
	void anEventThatCannotBeHandedToTheClientLeavesThoseUnderWayAsTheyAre() {
		flow();
		this.instance.acknowledged.clear();
		PlacedEvent[] events = { commit("a"), commit("a"), commit("a"), commit("a") };
		this.broker.unsendable.add(id(events[2]));
		this.instance.offer(events);
		this.instance.settle();
		assertThat(sent()).containsExactly(id(events[0]), id(events[1]), id(events[3]));
		assertThat(this.table.parked).containsOnlyKeys(id(events[2]));
		this.broker.acknowledgeAll();
		this.instance.settle();
		assertThat(this.instance.acknowledged).containsExactly(id(events[0]), id(events[1]), id(events[3]));
	}

	@Test
	void aPoisonedEventIsParkedAndThoseBehindItGoOn() {
		PlacedEvent[] events = { commit("a"), commit("a"), commit("a") };
		this.instance.offer(events);
		this.instance.settle();
		this.broker.channel().refuse(this.broker.channel().requests.get(0).partition, Trouble.POISON);
		this.instance.settle();
		this.broker.acknowledgeAll();
		this.instance.settle();
		this.broker.acknowledgeAll();
		assertThat(this.table.parked).containsOnlyKeys(id(events[0]));
		assertThat(this.broker.log).containsExactly(id(events[1]), id(events[2]));
	}

	@Test
	void aBlockedEventHoldsItsKeyOnAllInstancesAndNoOtherKeyUntilItIsUnblocked() {
		Instance blocking = new Instance(this.table, this.broker, policy(PoisonPolicy.BLOCK));
		PlacedEvent bad = commit("a");
		PlacedEvent behind = commit("a");
		PlacedEvent other = commit("b");
		blocking.offer(bad, behind, other);
		blocking.settle();
		this.broker.channel().refuse(partition(bad), Trouble.POISON);
		blocking.settle();
		this.broker.acknowledgeAll();
		blocking.settle();
		assertThat(this.table.blocked).containsExactly(id(bad));
		assertThat(this.broker.log).containsExactly(id(other));
		this.table.clear(this.broker.log);
		for (Instance relay : List.of(blocking, this.instance)) {
			relay.pass(Duration.ofMinutes(1));
			relay.resend(new ResendPage(new ResendPage.Pass(), this.table.page(0, 100)));
			relay.settle();
			this.broker.acknowledgeAll();
			relay.settle();
			assertThat(this.broker.log).as("relayed").containsExactly(id(other));
		}
		this.table.blocked.clear();
		this.instance.resend(new ResendPage(new ResendPage.Pass(), this.table.page(0, 100)));
		this.instance.settle();
		this.broker.acknowledgeAll();
		this.instance.settle();
		this.broker.acknowledgeAll();
		assertThat(this.broker.log).containsExactly(ids(other, bad, behind));
	}

	@Test
	void aKeyGoesOnWhenItsBlockedEventIsDiscarded() {
		Instance blocking = new Instance(this.table, this.broker, policy(PoisonPolicy.BLOCK));
		PlacedEvent bad = commit("a");
		PlacedEvent behind = commit("a");
		blocking.offer(bad, behind);
		blocking.settle();
		this.broker.channel().refuse(partition(bad), Trouble.POISON);
		blocking.settle();
		assertThat(sent()).isEmpty();
		this.table.clear(List.of(id(bad)));
		blocking.pass(Duration.ofSeconds(1));
		blocking.settle();
		assertThat(sent()).containsExactly(id(behind));
	}

	@Test
	void anEventThatIsRedirectedIsOutOfTheWayOfThoseBehindIt() {
		Instance instance = new Instance(this.table, this.broker, policy(PoisonPolicy.DEAD_LETTER));
		PlacedEvent bad = commit("a");
		PlacedEvent behind = commit("a");
		instance.offer(bad, behind);
		instance.settle();
		this.broker.channel().refuse(partition(bad), Trouble.POISON);
		instance.settle();
		assertThat(sent()).containsExactly(id(behind));
		assertThat(this.table.rows.values()).map(OutboxRecord::topic).containsExactly("dead", "topic");
		assertThat(this.table.rows.firstEntry().getValue().eventId()).isEqualTo(id(bad));
		assertThat(this.table.parked).isEmpty();
	}

	@Test
	void aTroubledTopicWaitsLongerEachTimeWhileOthersGoOn() {
		this.broker.troubledTopics.put("bad", Trouble.TOPIC);
		PlacedEvent bad = commit("bad", "a");
		PlacedEvent good = commit("good", "a");
		this.instance.offer(bad, good);
		this.instance.settle();
		assertThat(sent()).containsExactly(id(good));
		this.broker.acknowledgeAll();
		this.broker.troubledTopics.clear();
		assertThat(this.instance.turn()).isPositive();
		this.instance.pass(Duration.ofSeconds(1));
		this.instance.settle();
		assertThat(sent()).containsExactly(id(bad));
	}

	@Test
	void nothingIsAskedOrSentDuringAnOutageAndAllIsSentAfterIt() {
		this.broker.troubledTopics.put("topic", Trouble.OUTAGE);
		PlacedEvent event = commit("a");
		this.instance.offer(event);
		this.instance.settle();
		assertThat(this.instance.turn()).isPositive();
		this.broker.troubledTopics.clear();
		this.instance.pass(Duration.ofSeconds(3));
		this.instance.settle();
		assertThat(sent()).containsExactly(id(event));
	}

	@Test
	void anEventThatIsDiscardedDuringAnOutageIsNotSentAfterIt() {
		this.broker.troubledTopics.put("topic", Trouble.OUTAGE);
		PlacedEvent discarded = commit("a");
		PlacedEvent next = commit("a");
		this.instance.offer(discarded, next);
		this.instance.settle();
		this.table.clear(List.of(id(discarded)));
		this.broker.troubledTopics.clear();
		this.instance.pass(Instance.STALE_AFTER.dividedBy(2).plusNanos(1));
		this.instance.settle();
		assertThat(sent()).containsExactly(id(next));
	}

	@Test
	void anEventThatIsDiscardedAfterItWasSentInVainIsNotSentAgain() {
		PlacedEvent discarded = commit("a");
		PlacedEvent next = commit("a");
		this.instance.offer(discarded, next);
		this.instance.settle();
		this.table.clear(List.of(id(discarded)));
		this.broker.channel().close(Duration.ZERO);
		this.instance.settle();
		assertThat(sent()).containsExactly(id(next));
	}

	@Test
	void nothingIsSentWhilePausedAndAllInOrderAfterwards() {
		flow();
		this.instance.pause(true);
		PlacedEvent first = commit("a");
		PlacedEvent second = commit("a");
		PlacedEvent third = commit("a");
		this.instance.offerAtOnce(third);
		this.instance.offer(second);
		this.instance.settle();
		this.instance.pass(Duration.ofMinutes(1));
		this.instance.settle();
		CompletableFuture<ResendPage.Outcome> page = resend();
		this.instance.settle();
		assertThat(this.instance.turn()).as("sleeps").isEqualTo(Duration.ofSeconds(10).toNanos());
		assertThat(sent()).isEmpty();
		this.instance.pause(false);
		this.instance.settle();
		assertThat(sent()).isEqualTo(List.of(ids(first, second, third)));
		assertThat(page).isNotCompletedExceptionally();
	}

	@Test
	void whatIsUnderWayIsCompletedWhilePaused() {
		PlacedEvent event = commit("a");
		this.instance.offer(event);
		this.instance.settle();
		this.instance.pause(true);
		this.broker.acknowledgeAll();
		this.instance.settle();
		assertThat(this.instance.acknowledged).containsExactly(id(event));
	}

	@Test
	void drainingEndsWhilePaused() {
		this.instance.pause(true);
		this.instance.offer(commit("a"));
		CompletableFuture<Void> drained = new CompletableFuture<>();
		this.instance.sequencer.drain(drained, Duration.ofSeconds(10));
		this.instance.settle();
		assertThat(drained).isDone();
	}

	@Test
	void anUnreadableTableIsReadAgainLater() {
		PlacedEvent event = commit("a");
		this.table.down = true;
		this.instance.offer(event);
		this.instance.settle();
		this.table.down = false;
		this.instance.pass(Duration.ofSeconds(1));
		this.instance.settle();
		assertThat(sent()).containsExactly(id(event));
	}

	@Test
	void anEventWaitsForThoseOfItsKeyThatAreBoundForAnotherPartition() {
		PlacedEvent first = commit("a");
		PlacedEvent second = commit("a");
		this.instance.offer(first);
		this.instance.settle();
		int before = this.broker.channel().requests.get(0).partition;
		while (this.broker.channel().partition(first.event().orderingKey()) == before) {
			this.broker.partitions++;
		}
		this.instance.offer(second);
		this.instance.settle();
		assertThat(sent()).containsExactly(id(first));
		this.broker.acknowledgeAll();
		this.instance.settle();
		assertThat(sent()).containsExactly(id(second));
	}

	@Test
	void whatIsBeyondTheBoundIsLeftToTheRelay() {
		Instance small = new Instance(this.table, this.broker,
				new DispatchSettings(true, Instance.STALE_AFTER, 500, 1 << 16, 10, PoisonRules.park()));
		PlacedEvent kept = commit("a");
		PlacedEvent forgotten = commit("b");
		PlacedEvent alsoForgotten = commit("c");
		small.offer(kept);
		small.offer(forgotten);
		small.offer(alsoForgotten);
		small.settle();
		assertThat(sent()).doesNotContain(id(alsoForgotten)).contains(id(kept));
	}

	@Test
	void aPageIsSentWhoeverHasCommittedItAndItsOutcomeIsReported() throws Exception {
		PlacedEvent[] events = { commit("a"), commit("b"), commit("a") };
		CompletableFuture<ResendPage.Outcome> outcome = resend();
		for (int i = 0; i < 4; i++) {
			this.instance.settle();
			this.broker.acknowledgeAll();
		}
		this.instance.settle();
		assertThat(outcome).isCompleted();
		assertThat(outcome.get().attempts()).hasSize(3).allMatch((attempt) -> attempt.error() == null);
		assertThat(this.broker.log).containsExactlyInAnyOrder(ids(events))
			.containsSubsequence(id(events[0]), id(events[2]));
	}

	@Test
	void aPageDoesNotRepeatWhatThisInstanceHasJustSent() {
		PlacedEvent event = commit("a");
		this.instance.offer(event);
		this.instance.settle();
		this.broker.acknowledgeAll();
		this.instance.settle();
		CompletableFuture<ResendPage.Outcome> outcome = resend();
		this.instance.settle();
		assertThat(outcome).isCompletedWithValue(new ResendPage.Outcome(List.of(), 0, false));
		this.instance.pass(Instance.STALE_AFTER);
		CompletableFuture<ResendPage.Outcome> later = resend();
		this.instance.settle();
		assertThat(sent()).containsExactly(id(event));
		assertThat(later).isNotDone();
	}

	@Test
	void whatMayMerelyBeUnreadIsNotSentAgainByTheInstanceThatHasSentIt() throws Exception {
		PlacedEvent own = commit("a");
		this.instance.offer(own);
		this.instance.settle();
		this.broker.acknowledgeAll();
		this.instance.settle();
		PlacedEvent foreign = commit("a");
		this.instance.pass(Duration.ofMinutes(20));
		List<ResendPage.Row> rows = List.of(row(own), row(foreign))
			.stream()
			.map((row) -> new ResendPage.Row(row.event(), true, false))
			.toList();
		ResendPage page = new ResendPage(new ResendPage.Pass(), rows);
		this.instance.resend(page);
		this.instance.settle();
		this.broker.acknowledgeAll();
		this.instance.settle();
		assertThat(this.broker.log).containsExactly(ids(own, foreign));
		assertThat(page.done().get().attempts()).hasSize(1);
	}

	@Test
	void aPageGoesOnWithItsOtherKeysWhenTheChannelCloses() throws Exception {
		prove("a");
		PlacedEvent poison = commit("a");
		PlacedEvent behind = commit("a");
		PlacedEvent first = commit("b");
		PlacedEvent second = commit("e");
		FakeBroker.Channel before = this.broker.channel();
		CompletableFuture<ResendPage.Outcome> outcome = resend();
		this.instance.settle();
		assertThat(sent()).containsExactly(ids(poison, behind, first));
		before.refuse(this.broker.partition("a"), Trouble.POISON);
		this.instance.settle();
		assertThat(this.table.parked).containsKey(id(poison));
		this.broker.acknowledgeAll();
		this.instance.settle();
		assertThat(this.broker.channel()).isNotSameAs(before);
		assertThat(this.broker.log).endsWith(id(second)).doesNotContain(ids(poison, behind, first));
		assertThat(outcome).isCompleted();
		assertThat(outcome.get().attempts()).extracting(Attempt::id).containsExactly(this.table.ids.get(id(second)));
		assertThat(outcome.get().outcomes()).isEqualTo(2);
		assertThat(outcome.get().unfinished()).isTrue();
	}

	@Test
	void aPageGoesOnWhenTheChannelIsClosedInTheMiddleOfATurn() throws Exception {
		prove("a");
		PlacedEvent own = commit("a");
		PlacedEvent other = commit("b");
		this.instance.offer(own);
		this.instance.settle();
		FakeBroker.Channel before = this.broker.channel();
		this.broker.beforeSend = () -> before.refuse(this.broker.partition("a"), Trouble.CLOSED);
		CompletableFuture<ResendPage.Outcome> outcome = resend();
		this.instance.settle();
		this.broker.acknowledgeAll();
		this.instance.settle();
		assertThat(this.broker.channel()).isNotSameAs(before);
		assertThat(this.broker.log).contains(id(other));
		assertThat(outcome).isCompleted();
		assertThat(outcome.get().attempts()).extracting(Attempt::id).contains(this.table.ids.get(id(other)));
	}

	@Test
	void whatIsBehindAPoisonedEventThatWentAloneIsToldToBeLeft() throws Exception {
		commit("a");
		PlacedEvent behind = commit("a");
		CompletableFuture<ResendPage.Outcome> outcome = resend();
		this.instance.settle();
		this.broker.channel().refuse(this.broker.partition("a"), Trouble.POISON);
		this.instance.settle();
		assertThat(outcome).isCompletedWithValue(new ResendPage.Outcome(List.of(), 1, true));
		assertThat(sent()).doesNotContain(id(behind));
	}

	@Test
	void anEventThatIsRefusedAndCannotBeTakenOutOfTheWayIsAnAttempt() throws Exception {
		PlacedEvent poison = commit("a");
		CompletableFuture<ResendPage.Outcome> outcome = resend();
		this.instance.settle();
		this.table.down = true;
		this.broker.channel().refuse(this.broker.partition("a"), Trouble.POISON);
		this.instance.settle();
		this.table.down = false;
		assertThat(outcome).isCompletedWithValue(
				new ResendPage.Outcome(List.of(new Attempt(row(poison).event().id(), "refused")), 1, false));
	}

	@Test
	void whatWasUnderWayWhenTheChannelClosedIsToldToBeLeftAndIsNoAttempt() throws Exception {
		commit("a");
		CompletableFuture<ResendPage.Outcome> outcome = resend();
		this.instance.settle();
		this.broker.channel().close(Duration.ZERO);
		this.instance.settle();
		assertThat(outcome).isCompletedWithValue(new ResendPage.Outcome(List.of(), 0, true));
	}

	@Test
	void nothingMoreOfAPageIsSentAfterTheEndOfItsPass() {
		commit("a");
		commit("a");
		commit("d");
		ResendPage.Pass pass = new ResendPage.Pass();
		ResendPage page = new ResendPage(pass, this.table.page(0, 100));
		this.instance.resend(page);
		this.instance.settle();
		pass.end();
		this.broker.channel().refuse(this.broker.partition("a"), Trouble.CLOSED);
		this.instance.settle();
		assertThat(sent()).isEmpty();
		assertThat(page.done()).isCompletedExceptionally();
	}

	@Test
	void aPageIsVoidInAnOutageAndNothingMoreOfItIsSent() {
		commit("a");
		commit("d");
		CompletableFuture<ResendPage.Outcome> outcome = resend();
		this.instance.settle();
		this.broker.channel().refuse(this.broker.partition("a"), Trouble.OUTAGE);
		this.instance.settle();
		assertThat(outcome).isCompletedExceptionally();
		this.instance.pass(Duration.ofSeconds(2));
		this.instance.settle();
		assertThat(sent()).isEmpty();
	}

	private void prove(String key) {
		PlacedEvent event = commit(key);
		this.instance.offer(event);
		this.instance.settle();
		this.broker.acknowledgeAll();
		this.instance.settle();
		this.table.clear(List.of(id(event)));
	}

	@Test
	void anOwnEventIsSentAsSoonAsAPageHasSentThoseBeforeIt() {
		PlacedEvent foreign = commit("a");
		PlacedEvent own = commit("a");
		this.instance.offer(own);
		this.instance.settle();
		this.instance.resend(new ResendPage(new ResendPage.Pass(), this.table.page(0, 1)));
		this.instance.settle();
		this.broker.acknowledgeAll();
		this.instance.pass(Duration.ofSeconds(1));
		this.instance.settle();
		this.broker.acknowledgeAll();
		assertThat(this.broker.log).containsExactly(id(foreign), id(own));
	}

	@Test
	void aPassDoesNotOvertakeAnEventThatFailedBetweenTwoOfItsPages() {
		PlacedEvent own = commit("a");
		PlacedEvent foreign = commit("a");
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
		assertThat(sent()).doesNotContain(id(foreign));
	}

	@Test
	void anEventThatWasNeverSentIsResentAlthoughItsKeyIsInUseAllTheTime() {
		PlacedEvent lost = commit("a");
		ResendPage.Row row = row(lost);
		this.table.clear(List.of(id(lost)));
		for (int i = 0; i < 10; i++) {
			this.instance.offer(commit("a"));
			this.instance.settle();
			this.broker.acknowledgeAll();
			this.instance.resend(new ResendPage(new ResendPage.Pass(), List.of(row)));
			this.instance.settle();
			this.broker.acknowledgeAll();
			this.instance.pass(Duration.ofSeconds(5));
		}
		assertThat(this.broker.log).contains(id(lost));
	}

	@Test
	void aPartitionThatIsStuckHoldsNeitherTheOtherKeysNorThePage() {
		PlacedEvent stuck = commit("a");
		commit("d");
		PlacedEvent free = commit("b");
		CompletableFuture<ResendPage.Outcome> outcome = resend();
		for (int i = 0; i < 10; i++) {
			this.instance.settle();
			int partition = this.broker.channel().partition(free.event().orderingKey());
			this.broker.channel().acknowledge(partition);
			this.instance.pass(Duration.ofSeconds(2));
		}
		assertThat(this.broker.log).containsExactly(id(free)).doesNotContain(id(stuck));
		assertThat(outcome).isCompleted();
	}

	@Test
	void drainingWaitsForAnothersEventsForASecond() {
		PlacedEvent foreign = commit("a");
		PlacedEvent own = commit("a");
		this.instance.offer(own);
		this.instance.settle();
		CompletableFuture<Void> drained = new CompletableFuture<>();
		this.instance.sequencer.drain(drained, Duration.ofSeconds(10));
		this.instance.pass(Duration.ofMillis(900));
		this.instance.settle();
		assertThat(drained).isNotDone();
		this.table.clear(List.of(id(foreign)));
		this.instance.pass(Duration.ofMillis(20));
		this.instance.settle();
		assertThat(sent()).containsExactly(id(own));
		this.broker.acknowledgeAll();
		this.instance.settle();
		assertThat(drained).isDone();
	}

	@Test
	void drainingDoesNotWaitForAnothersEventsForEver() {
		commit("a");
		this.instance.offer(commit("a"));
		this.instance.settle();
		CompletableFuture<Void> drained = new CompletableFuture<>();
		this.instance.sequencer.drain(drained, Duration.ofSeconds(10));
		this.instance.pass(Duration.ofSeconds(1));
		this.instance.settle();
		assertThat(drained).isDone();
	}

	@Test
	void drainingEndsWhenNothingIsUnderWay() {
		this.instance.offer(commit("a"));
		this.instance.settle();
		CompletableFuture<Void> drained = new CompletableFuture<>();
		this.instance.sequencer.drain(drained, Duration.ofSeconds(10));
		this.instance.settle();
		assertThat(drained).isNotDone();
		this.broker.acknowledgeAll();
		this.instance.settle();
		assertThat(drained).isDone();
	}

	// Has the topic written to, and what was written forgotten.
	private void flow() {
		for (String key : List.of("a", "b", "c")) {
			this.instance.offer(commit(key));
			this.instance.settle();
			this.broker.acknowledgeAll();
			this.instance.settle();
		}
		this.table.clear(this.broker.log);
	}

	private int partition(PlacedEvent placed) {
		return this.broker.channel().partition(placed.event().orderingKey());
	}

	private static PoisonRules policy(PoisonPolicy policy) {
		return new PoisonRules() {

			@Override
			public PoisonPolicy policy(OutboxRecord event) {
				return policy;
			}

			@Override
			public OutboxRecord deadLetter(OutboxRecord event, SendException reason) {
				return new OutboxRecord(event.eventId(), event.eventType(), "dead", event.partitionKey(),
						event.payload(), event.headers());
			}

		};
	}

	private CompletableFuture<ResendPage.Outcome> resend() {
		ResendPage page = new ResendPage(new ResendPage.Pass(), this.table.page(0, 100));
		this.instance.resend(page);
		return page.done();
	}

	private ResendPage.Row row(PlacedEvent event) {
		return this.table.page(0, 100)
			.stream()
			.filter((row) -> row.event().event().equals(event.event()))
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

	private PlacedEvent commit(String key) {
		return commit("topic", key);
	}

	private PlacedEvent commit(String topic, String key) {
		OutboxRecord event = new OutboxRecord(UUID.randomUUID(), "T", topic, key, "{}", Map.of());
		return this.table.insert(List.of(event)).get(0);
	}

	private static UUID id(PlacedEvent placed) {
		return placed.event().eventId();
	}

	private static UUID[] ids(PlacedEvent... events) {
		return List.of(events).stream().map(SequencerTests::id).toArray(UUID[]::new);
	}

}
