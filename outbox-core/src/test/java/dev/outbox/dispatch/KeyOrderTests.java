package dev.outbox.dispatch;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import dev.outbox.store.PlacedEvent;
import org.junit.jupiter.api.Test;
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
class KeyOrderTests extends AbstractSequencerTests {

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

}
