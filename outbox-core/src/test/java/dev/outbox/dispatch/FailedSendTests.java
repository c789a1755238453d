package dev.outbox.dispatch;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import dev.outbox.store.OutboxRecord;
import dev.outbox.store.PlacedEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What becomes of events that cannot be sent, and of those behind them, whether it is
 * known at the commit what precedes events or not.
 */
@ParameterizedClass
@ValueSource(booleans = { false, true })
class FailedSendTests extends AbstractSequencerTests {

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

}
