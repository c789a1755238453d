package dev.outbox.relay;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

import dev.outbox.dispatch.ResendPage;
import dev.outbox.store.Attempt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * How a pass of the relay goes on and ends.
 */
class RelayPassTests extends AbstractRelayTests {

	@Test
	void aPassEndsWhenSendingIsPaused() throws Exception {
		for (long id = 1; id <= 1010; id++) {
			this.store.events.add(event(id, "k" + id, Duration.ofSeconds(60), 0, Duration.ZERO));
		}
		this.outcomes = (page) -> {
			this.paused = true;
			return sent(List.of());
		};
		tick();
		assertThat(this.pages).hasSize(1);
	}

	@Test
	void aPageThatIsUnderWayIsCancelledWhenSendingIsPaused() throws Exception {
		Relay impatient = new Relay(this.store, this.lock, this.readBack, (page) -> {
			this.paused = true;
			this.pages.add(page);
			return page.done();
		}, this.pauses::add, new RelaySettings(Duration.ofMillis(1), STALE_AFTER, Duration.ofMinutes(10)),
				() -> this.nanos);
		this.store.events.add(event(1, "a", Duration.ofSeconds(60), 0, Duration.ZERO));
		impatient.run();
		assertThat(this.pages).singleElement().satisfies((page) -> {
			assertThat(page.isCancelled()).isTrue();
			impatient.run();
			assertThat(page.done()).isNotDone();
		});
		assertThat(this.pauses).endsWith(true);
	}

	@Test
	void attemptsAreRememberedAndForgottenWhenNothingIsStale() throws Exception {
		this.store.events.add(event(1, "a", Duration.ofSeconds(11), 0, Duration.ZERO));
		this.outcome = List.of(new Attempt(1, null));
		tick();
		assertThat(this.store.attempts).containsExactly(new Attempt(1, null));
		this.store.events.clear();
		this.store.forgotten = 0;
		for (int i = 0; i < 5; i++) {
			pass(Duration.ofSeconds(1));
			tick();
		}
		assertThat(this.store.forgotten).isEqualTo(1);
	}

	@Test
	void attemptsAreForgottenAlsoWhileSomethingIsAlwaysStale() throws Exception {
		this.store.events.add(event(1, "a", Duration.ofSeconds(11), 0, Duration.ZERO));
		this.outcome = List.of(new Attempt(1, null));
		for (int i = 0; i < 10; i++) {
			tick();
			pass(Duration.ofSeconds(1));
		}
		assertThat(this.store.forgotten).isEqualTo(this.pages.size()).isGreaterThan(2);
	}

	@Test
	void aPassGoesOnBehindAnyNumberOfEventsThatAreNotDue() throws Exception {
		for (long id = 1; id <= 1200; id++) {
			this.store.events.add(event(id, "k" + id, Duration.ofHours(1), 9, Duration.ofSeconds(1)));
		}
		this.store.events.add(event(1201, "good", Duration.ofSeconds(20), 0, Duration.ZERO));
		tick();
		assertThat(this.store.read).hasSize(1201);
	}

	@Test
	void aPassEndsWhenAnotherInstanceHasTheLock() throws Exception {
		for (long id = 1; id <= 1010; id++) {
			this.store.events.add(event(id, "k" + id, Duration.ofSeconds(60), 0, Duration.ZERO));
		}
		this.passTime = Duration.ofSeconds(5);
		this.outcomes = (page) -> {
			this.lock.free = false;
			return sent(List.of());
		};
		tick();
		assertThat(this.pages).hasSize(1);
	}

	@Test
	@Timeout(60)
	void theLockIsRenewedWhileAPageIsUnderWay() throws Exception {
		CompletableFuture<ResendPage.Outcome> underWay = new CompletableFuture<>();
		Relay patient = new Relay(this.store, this.lock, this.readBack, (page) -> underWay, this.pauses::add,
				new RelaySettings(Duration.ofMillis(1), STALE_AFTER, Duration.ofMinutes(10)), () -> {
					pass(Duration.ofSeconds(1));
					return this.nanos;
				});
		this.store.events.add(event(1, "a", Duration.ofSeconds(60), 0, Duration.ZERO));
		this.lock.acquiring = () -> {
			if (this.lock.statements > 20) {
				underWay.complete(new ResendPage.Outcome(List.of(new Attempt(1, null)), 1, false));
			}
		};
		patient.run();
		assertThat(this.store.attempts).hasSize(1);
	}

	@Test
	void whileAPageIsSentTheNextOneIsReadAndTheAttemptsOfTheOneBeforeAreRemembered() throws Exception {
		for (long id = 1; id <= 2500; id++) {
			this.store.events.add(event(id, "k" + id, Duration.ofSeconds(60), 0, Duration.ZERO));
		}
		List<String> under = new ArrayList<>();
		Relay pipelining = relay((page) -> {
			this.pages.add(page);
			int number = this.pages.size();
			return new CompletableFuture<>() {

				@Override
				public ResendPage.Outcome get(long time, TimeUnit unit) {
					under.add("read %d, remembered %s".formatted(RelayPassTests.this.store.read.size(),
							RelayPassTests.this.store.attempts));
					return new ResendPage.Outcome(List.of(new Attempt(number, null)), 1, false);
				}

			};
		});
		pipelining.run();
		assertThat(under).containsExactly("read 2000, remembered []", "read 2500, remembered " + attempts(1),
				"read 2500, remembered " + attempts(2));
		assertThat(this.store.attempts).isEqualTo(attempts(3));
	}

	@Test
	void aPageThatIsUnderWayIsCancelledIfTheNextOneCannotBeRead() {
		for (long id = 1; id <= 1010; id++) {
			this.store.events.add(event(id, "k" + id, Duration.ofSeconds(60), 0, Duration.ZERO));
		}
		List<ResendPage> sent = new ArrayList<>();
		Relay failing = relay((page) -> {
			sent.add(page);
			this.store.betweenSizesAndPage = () -> {
				throw new IllegalStateException("the database is gone");
			};
			return page.done();
		});
		assertThatIllegalStateException().isThrownBy(failing::run);
		assertThat(sent).singleElement().matches(ResendPage::isCancelled);
	}

	@Test
	void whatKafkaHasAcknowledgedIsNoAttemptWhereThatConfirmsIt() throws Exception {
		this.store.events.add(event(1, "a", Duration.ofSeconds(11), 0, Duration.ZERO));
		this.readBack.ofAcknowledgements = true;
		this.outcome = List.of(new Attempt(1, null), new Attempt(2, "refused"));
		tick();
		assertThat(this.store.attempts).containsExactly(new Attempt(2, "refused"));
	}

	@Test
	void whatWasTakenBackBecauseAnotherEventWasRefusedIsSentAgainAtOnce() throws Exception {
		storeTwoPages();
		this.outcomes = (page) -> {
			long id = this.pages.size();
			return outcome(List.of(new Attempt(id, "refused")), 1, id < 5);
		};
		tick();
		// The first page five times, and the second one.
		assertThat(this.store.after).containsExactly(0L, 1000L, 0L, 1000L, 0L, 1000L, 0L, 1000L, 0L, 1000L);
		assertThat(this.store.attempts).extracting(Attempt::id).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
		assertThat(this.readBack.looks).isOne();
	}

	@Test
	void whatIsBehindRemovedEventsIsSentAtOnce() throws Exception {
		storeTwoPages();
		this.outcomes = (page) -> outcome(List.of(), 1, this.pages.size() < 5);
		tick();
		assertThat(this.pages).hasSize(6);
	}

	@Test
	void thePassGoesOnIfNothingOfAPageHasAnOutcome() throws Exception {
		storeTwoPages();
		this.outcomes = (page) -> outcome(List.of(), 0, true);
		tick();
		assertThat(this.pages).hasSize(2);
	}

	@Test
	void aLongPassIsGoneOnWithBeforeItIsRepeated() throws Exception {
		storeTwoPages();
		this.passTime = Duration.ofSeconds(1);
		this.outcomes = (page) -> outcome(List.of(new Attempt(this.pages.size(), "refused")), 1,
				this.pages.size() == 1);
		tick();
		assertThat(this.store.after).containsExactly(0L, 1000L, 0L, 1000L);
		assertThat(this.pages).hasSize(4);
		assertThat(this.readBack.looks).isEqualTo(2);
	}

	@Test
	void aPageThatIsUnderWayIsCancelledIfTheLockCannotBeRenewed() {
		this.store.events.add(event(1, "a", Duration.ofSeconds(60), 0, Duration.ZERO));
		Relay failing = new Relay(this.store, this.lock, this.readBack, (page) -> {
			this.pages.add(page);
			this.lock.acquiring = () -> {
				throw new IllegalStateException("the database is gone");
			};
			return page.done();
		}, this.pauses::add, new RelaySettings(Duration.ofMillis(1), STALE_AFTER, Duration.ofMinutes(10)), () -> {
			pass(Duration.ofSeconds(1));
			return this.nanos;
		});
		assertThatIllegalStateException().isThrownBy(failing::run);
		assertThat(this.pages).singleElement().matches(ResendPage::isCancelled);
	}

	@Test
	void whatWasTakenBackWaitsWhileSendingIsPaused() throws Exception {
		storeTwoPages();
		this.outcomes = (page) -> {
			this.paused = true;
			return outcome(List.of(new Attempt(1, "refused")), 1, true);
		};
		tick();
		tick();
		assertThat(this.pages).hasSize(1);
	}

	private static List<Attempt> attempts(int count) {
		return LongStream.rangeClosed(1, count).mapToObj((id) -> new Attempt(id, null)).toList();
	}

	private void storeTwoPages() {
		for (long id = 1; id <= 1010; id++) {
			this.store.events.add(event(id, "k" + id, Duration.ofSeconds(60), 0, Duration.ZERO));
		}
	}

	private CompletableFuture<ResendPage.Outcome> outcome(List<Attempt> attempts, int outcomes, boolean unfinished) {
		assertThat(this.pages).as("Pages of one pass").hasSizeLessThan(10);
		return CompletableFuture.completedFuture(new ResendPage.Outcome(attempts, outcomes, unfinished));
	}

}
