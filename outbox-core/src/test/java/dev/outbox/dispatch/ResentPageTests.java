package dev.outbox.dispatch;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import dev.outbox.store.Attempt;
import dev.outbox.store.PlacedEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How the relay's pages are sent, beside own events, whether it is known at the commit
 * what precedes those or not.
 */
@ParameterizedClass
@ValueSource(booleans = { false, true })
class ResentPageTests extends AbstractSequencerTests {

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

	private void prove(String key) {
		PlacedEvent event = commit(key);
		this.instance.offer(event);
		this.instance.settle();
		this.broker.acknowledgeAll();
		this.instance.settle();
		this.table.clear(List.of(id(event)));
	}

	private ResendPage.Row row(PlacedEvent event) {
		return this.table.page(0, 100)
			.stream()
			.filter((row) -> row.event().event().equals(event.event()))
			.findFirst()
			.orElseThrow();
	}

}
