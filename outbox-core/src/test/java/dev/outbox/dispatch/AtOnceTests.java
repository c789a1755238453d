package dev.outbox.dispatch;

import java.time.Duration;
import java.util.List;

import dev.outbox.store.PlacedEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is sent at once, on the thread of the transaction, one case at a time, whether it
 * is known at the commit what precedes events or not.
 */
@ParameterizedClass
@ValueSource(booleans = { false, true })
class AtOnceTests extends AbstractSequencerTests {

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

}
