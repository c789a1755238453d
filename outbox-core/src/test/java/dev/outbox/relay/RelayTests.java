package dev.outbox.relay;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import dev.outbox.dispatch.ResendPage;
import dev.outbox.store.Attempt;
import dev.outbox.store.OutboxRecord;
import dev.outbox.store.PendingSize;
import dev.outbox.store.RelayLook;
import dev.outbox.store.RelayStore;
import dev.outbox.store.StoredEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * When the relay does what, with its clock in the test's hands.
 */
class RelayTests {

	private static final Duration STALE_AFTER = Duration.ofSeconds(10);

	private final FakeStore store = new FakeStore();

	private final FakeLock lock = new FakeLock();

	private final FakeReadBack readBack = new FakeReadBack();

	private final List<ResendPage> pages = new ArrayList<>();

	private final List<Boolean> pauses = new ArrayList<>();

	private List<Attempt> outcome = List.of();

	private Function<ResendPage, CompletableFuture<ResendPage.Outcome>> outcomes = (page) -> sent(this.outcome);

	private boolean paused;

	private long nanos;

	private final Relay relay = relay((page) -> {
		this.pages.add(page);
		this.nanos += this.passTime.toNanos();
		return this.outcomes.apply(page);
	});

	private Duration passTime = Duration.ZERO;

	@Test
	void anIdleInstanceCostsOneStatementAnInterval() throws Exception {
		tick();
		int before = this.store.statements + this.lock.statements;
		for (int i = 0; i < 60; i++) {
			pass(Duration.ofSeconds(1));
			tick();
		}
		assertThat(this.store.statements + this.lock.statements - before).isEqualTo(60);
		assertThat(this.lock.statements).isGreaterThan(10);
	}

	@Test
	void anInstanceWithoutTheLockAsksOnlyForTheLock() throws Exception {
		this.lock.free = false;
		this.store.events.add(event(1, "a", Duration.ofHours(1), 0, Duration.ZERO));
		for (int i = 0; i < 10; i++) {
			tick();
			pass(Duration.ofSeconds(1));
		}
		assertThat(this.store.statements).isZero();
		assertThat(this.pages).isEmpty();
	}

	@Test
	void anIdleInstanceWithoutTheLockCostsLessThanAStatementAnInterval() throws Exception {
		this.lock.free = false;
		for (int i = 0; i < 60; i++) {
			tick();
			pass(Duration.ofSeconds(1));
		}
		assertThat(this.lock.statements).isBetween(20, 40);
	}

	@Test
	void nothingIsSentAgainWhileSendingIsPaused() throws Exception {
		this.store.events.add(event(1, "a", Duration.ofHours(1), 0, Duration.ZERO));
		this.paused = true;
		for (int i = 0; i < 10; i++) {
			tick();
			pass(Duration.ofSeconds(1));
		}
		assertThat(this.pages).isEmpty();
		assertThat(this.pauses).containsOnly(true).hasSizeGreaterThan(2);
		this.paused = false;
		tick();
		pass(Duration.ofSeconds(1));
		tick();
		assertThat(this.pauses).endsWith(false);
		assertThat(this.pages).hasSize(1);
	}

	@Test
	void aPauseIsSeenByTheInstanceThatRelaysAtEverySecondInterval() throws Exception {
		tick();
		for (int i = 0; i < 20; i++) {
			this.paused = !this.paused;
			this.pauses.clear();
			tick();
			tick();
			assertThat(this.pauses).containsOnly(this.paused).isNotEmpty();
			pass(Duration.ofSeconds(2));
		}
	}

	@Test
	void aPauseIsSeenByTheOthersAtEveryThirdOfTheLease() throws Exception {
		this.lock.free = false;
		for (int i = 0; i < 20; i++) {
			this.paused = !this.paused;
			this.pauses.clear();
			tick();
			assertThat(this.pauses).containsExactly(this.paused);
			pass(Duration.ofSeconds(5).dividedBy(3).plusNanos(1));
		}
	}

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
	void whatIsNotStaleIsLeftAlone() throws Exception {
		this.store.events.add(event(1, "a", Duration.ofSeconds(9), 0, Duration.ZERO));
		tick();
		assertThat(this.pages).isEmpty();
	}

	@Test
	void onlyTheEventsBeforeTheFirstFreshOneAreSentAgain() throws Exception {
		this.store.events.add(event(1, "a", Duration.ofSeconds(11), 0, Duration.ZERO));
		this.store.events.add(event(2, "b", Duration.ofSeconds(3), 0, Duration.ZERO));
		this.store.events.add(event(3, "a", Duration.ofSeconds(12), 0, Duration.ZERO));
		tick();
		assertThat(this.store.after).containsExactly(0L);
		assertThat(this.pages).hasSize(1);
	}

	@Test
	void aPassGoesNoFurtherThanWhatWasStaleAtItsBegin() throws Exception {
		for (long id = 1; id <= 120; id++) {
			this.store.events.add(event(id, "k" + id, Duration.ofSeconds((id <= 50) ? 60 : 11), 0, Duration.ZERO));
		}
		this.store.sizes = (event) -> 80_000L;
		this.passTime = Duration.ofSeconds(5);
		tick();
		// The second page was read five seconds after the begin: eleven seconds are not
		// enough for it.
		assertThat(this.store.after).containsExactly(0L, 50L);
		assertThat(this.pages).hasSize(2);
	}

	@Test
	void aPassMayEndWithAFullPage() throws Exception {
		for (long id = 1; id <= 2000; id++) {
			this.store.events.add(event(id, "k" + id, Duration.ofSeconds(60), 0, Duration.ZERO));
		}
		tick();
		assertThat(this.store.after).containsExactly(0L, 1000L);
	}

	@Test
	void aPageHasNoMoreThanFitsIntoMemoryWhateverWasBefore() throws Exception {
		for (long id = 1; id <= 1010; id++) {
			this.store.events.add(event(id, "k" + id, Duration.ofSeconds(60), 0, Duration.ZERO));
		}
		this.store.sizes = (event) -> (event.id() <= 1000) ? 300L : (event.id() == 1005) ? 50_000_000L : 1_000_000L;
		tick();
		assertThat(this.store.after).containsExactly(0L, 1000L, 1004L, 1005L, 1009L);
	}

	@Test
	void behindLargeEventsOnlyFewSizesAreAskedForAndManyAgainBehindSmallOnes() throws Exception {
		for (long id = 1; id <= 1000; id++) {
			this.store.events.add(event(id, "k" + id, Duration.ofSeconds(60), 0, Duration.ZERO));
		}
		this.store.sizes = (event) -> (event.id() <= 3) ? 5_000_000L : 300L;
		tick();
		assertThat(this.store.limits).containsExactly(1000, 8, 8, 8, 16, 32, 64, 128, 256, 512);
		assertThat(this.store.read).hasSize(1000);
	}

	@Test
	void theOldestEventIsNotLookedForWhileAPassGoesOn() throws Exception {
		for (long id = 1; id <= 2000; id++) {
			this.store.events.add(event(id, "k" + id, Duration.ofSeconds(60), 0, Duration.ZERO));
		}
		tick();
		assertThat(this.pages).hasSizeGreaterThan(1);
		assertThat(this.store.statements).isOne();
	}

	@Test
	void aPageHasNoMoreThanFitsAlsoIfSmallEventsWereClearedSinceTheirSizesWereRead() throws Exception {
		for (long id = 1; id <= 60; id++) {
			this.store.events.add(event(id, "k" + id, Duration.ofSeconds(60), 0, Duration.ZERO));
		}
		this.store.sizes = (event) -> (event.id() <= 50) ? 300L : 1_000_000L;
		this.store.betweenSizesAndPage = () -> this.store.events.removeIf((event) -> event.id() < 50);
		tick();
		assertThat(this.store.after).containsExactly(0L, 53L, 57L);
		assertThat(this.store.read).containsExactly(50L, 51L, 52L, 53L, 54L, 55L, 56L, 57L, 58L, 59L, 60L);
	}

	@Test
	void eventsThatAppearWhileAPageIsReadAreNotPassedOverNorThoseBehindThem() throws Exception {
		for (long id = 10; id <= 12; id++) {
			this.store.events.add(event(id, "k" + id, Duration.ofSeconds(60), 0, Duration.ZERO));
		}
		this.store.betweenSizesAndPage = () -> {
			this.store.events.add(0, event(9, "k", Duration.ofSeconds(60), 0, Duration.ZERO));
			this.store.betweenSizesAndPage = () -> {
			};
		};
		tick();
		assertThat(this.store.read).containsExactly(9L, 10L, 11L, 12L);
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
					under.add("read %d, remembered %s".formatted(RelayTests.this.store.read.size(),
							RelayTests.this.store.attempts));
					return new ResendPage.Outcome(List.of(new Attempt(number, null)), 1, false);
				}

			};
		});
		pipelining.run();
		assertThat(under).containsExactly("read 2000, remembered []", "read 2500, remembered " + attempts(1),
				"read 2500, remembered " + attempts(2));
		assertThat(this.store.attempts).isEqualTo(attempts(3));
	}

	private static List<Attempt> attempts(int count) {
		return LongStream.rangeClosed(1, count).mapToObj((id) -> new Attempt(id, null)).toList();
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

	private void storeTwoPages() {
		for (long id = 1; id <= 1010; id++) {
			this.store.events.add(event(id, "k" + id, Duration.ofSeconds(60), 0, Duration.ZERO));
		}
	}

	private CompletableFuture<ResendPage.Outcome> outcome(List<Attempt> attempts, int outcomes, boolean unfinished) {
		assertThat(this.pages).as("Pages of one pass").hasSizeLessThan(10);
		return CompletableFuture.completedFuture(new ResendPage.Outcome(attempts, outcomes, unfinished));
	}

	private static CompletableFuture<ResendPage.Outcome> sent(List<Attempt> attempts) {
		return CompletableFuture.completedFuture(new ResendPage.Outcome(attempts, attempts.size(), false));
	}

	private Relay relay(Function<ResendPage, CompletableFuture<ResendPage.Outcome>> resend) {
		return new Relay(this.store, this.lock, this.readBack, resend, this.pauses::add,
				new RelaySettings(Duration.ofSeconds(1), STALE_AFTER, Duration.ofMinutes(10)), () -> this.nanos);
	}

	@Test
	void vainPassesBecomeRare() throws Exception {
		this.store.events.add(event(1, "a", Duration.ofSeconds(11), 0, Duration.ZERO));
		for (int i = 0; i < 60; i++) {
			tick();
			pass(Duration.ofSeconds(1));
		}
		assertThat(this.pages).hasSizeBetween(5, 12);
	}

	@Test
	void theBackOffDoublesUpToItsLimit() {
		RelaySettings settings = new RelaySettings(Duration.ofSeconds(1), STALE_AFTER, Duration.ofMinutes(1));
		assertThat(settings.backOff(1)).isEqualTo(Duration.ofSeconds(20));
		assertThat(settings.backOff(2)).isEqualTo(Duration.ofSeconds(40));
		assertThat(settings.backOff(3)).isEqualTo(Duration.ofMinutes(1));
		assertThat(settings.backOff(1000)).isEqualTo(Duration.ofMinutes(1));
	}

	@Test
	void theLockIsGivenBackAtTheEnd() throws Exception {
		tick();
		this.relay.stop();
		assertThat(this.lock.released).isTrue();
	}

	@Test
	void eventsThatAreBeingReadBackOrWereSentAgainLatelyAreNotDue() {
		this.store.events.add(event(1, "a", Duration.ofSeconds(15), 0, Duration.ZERO));
		this.store.events.add(event(2, "b", Duration.ofSeconds(90), 1, Duration.ofSeconds(19)));
		this.store.events.add(event(3, "c", Duration.ofSeconds(90), 1, Duration.ofSeconds(20)));
		this.readBack.lag = Duration.ofSeconds(6);
		List<ResendPage.Row> rows = read();
		assertThat(rows).extracting(ResendPage.Row::due).containsExactly(false, false, true);
	}

	@Test
	void whatMayMerelyBeUnreadIsDueWhenThePatienceIsOverAndNotTakenForLost() {
		this.store.events.add(event(1, "a", Duration.ofSeconds(69), 0, Duration.ZERO));
		this.store.events.add(event(2, "b", Duration.ofSeconds(70), 0, Duration.ZERO));
		this.store.events.add(event(3, "c", Duration.ofSeconds(100), 0, Duration.ZERO));
		this.readBack.lag = Duration.ofSeconds(90);
		this.readBack.patience = Duration.ofSeconds(60);
		List<ResendPage.Row> rows = read();
		assertThat(rows).extracting(ResendPage.Row::due).containsExactly(false, true, true);
		assertThat(rows).extracting(ResendPage.Row::lost).containsExactly(false, false, true);
	}

	@Test
	void theLagIsThatOfTheBeginOfThePass() {
		this.store.events.add(event(1, "a", Duration.ofSeconds(20), 0, Duration.ZERO));
		this.store.events.add(event(2, "b", Duration.ofSeconds(21), 0, Duration.ZERO));
		this.readBack.lag = Duration.ofSeconds(6);
		RelaySettings settings = new RelaySettings(Duration.ofSeconds(1), STALE_AFTER, Duration.ofMinutes(10));
		StalePages pages = new StalePages(this.store, settings, this.readBack, () -> this.nanos, this.nanos);
		pass(Duration.ofSeconds(5));
		assertThat(pages.read()).extracting(ResendPage.Row::due).containsExactly(false, true);
	}

	@Test
	void aBlockedEventIsNotDue() {
		StoredEvent event = event(1, "a", Duration.ofHours(1), 0, Duration.ZERO);
		this.store.events.add(new StoredEvent(event.id(), event.event(), event.age(), 0, Duration.ZERO, true));
		this.store.events.add(event(2, "b", Duration.ofHours(1), 0, Duration.ZERO));
		List<ResendPage.Row> rows = read();
		assertThat(rows).extracting(ResendPage.Row::due).containsExactly(false, true);
	}

	private List<ResendPage.Row> read() {
		RelaySettings settings = new RelaySettings(Duration.ofSeconds(1), STALE_AFTER, Duration.ofMinutes(10));
		return new StalePages(this.store, settings, this.readBack, () -> this.nanos, this.nanos).read();
	}

	private void tick() throws InterruptedException {
		this.relay.run();
	}

	private void pass(Duration time) {
		this.nanos += time.toNanos();
	}

	private static StoredEvent event(long id, String key, Duration age, int attempts, Duration sinceAttempt) {
		return new StoredEvent(id, new OutboxRecord(UUID.randomUUID(), "T", "topic", key, "{}", Map.of()), age,
				attempts, sinceAttempt, false);
	}

	private final class FakeStore implements RelayStore {

		final List<StoredEvent> events = new ArrayList<>();

		final List<Long> after = new ArrayList<>();

		final List<Long> read = new ArrayList<>();

		final List<Integer> limits = new ArrayList<>();

		final List<Attempt> attempts = new ArrayList<>();

		Function<StoredEvent, Long> sizes = (event) -> 300L;

		Runnable betweenSizesAndPage = () -> {
		};

		int statements;

		int forgotten;

		@Override
		public RelayLook look() {
			this.statements++;
			return new RelayLook(this.events.stream().findFirst().map(StoredEvent::age), RelayTests.this.paused);
		}

		@Override
		public List<PendingSize> sizes(long after, int limit) {
			this.limits.add(limit);
			List<PendingSize> sizes = pending(after, Long.MAX_VALUE, limit)
				.map((event) -> new PendingSize(event.id(), this.sizes.apply(event)))
				.toList();
			this.betweenSizesAndPage.run();
			return sizes;
		}

		@Override
		public List<StoredEvent> page(long after, long upTo, int limit) {
			assertThat(limit).isPositive();
			this.after.add(after);
			return pending(after, upTo, limit).peek((event) -> this.read.add(event.id())).toList();
		}

		private Stream<StoredEvent> pending(long after, long upTo, int limit) {
			return this.events.stream().filter((event) -> event.id() > after && event.id() <= upTo).limit(limit);
		}

		@Override
		public void recordAttempts(List<Attempt> attempts) {
			this.attempts.addAll(attempts);
		}

		@Override
		public void forgetAttempts() {
			this.forgotten++;
		}

	}

	private final class FakeLock implements RelayLock {

		boolean free = true;

		boolean released;

		int statements;

		Runnable acquiring = () -> {
		};

		@Override
		public Look look(Duration lease) {
			this.statements++;
			return new Look(this.free, RelayTests.this.paused);
		}

		@Override
		public boolean acquire(Duration lease) {
			this.statements++;
			this.acquiring.run();
			return this.free;
		}

		@Override
		public void release() {
			this.released = true;
		}

	}

	private static final class FakeReadBack implements ReadBack {

		Duration lag = Duration.ZERO;

		Duration patience = Duration.ofMinutes(10);

		boolean ofAcknowledgements;

		int looks;

		@Override
		public void look() {
			this.looks++;
		}

		@Override
		public Duration patience(String topic) {
			return this.patience;
		}

		@Override
		public boolean isOfAcknowledgements() {
			return this.ofAcknowledgements;
		}

		@Override
		public Duration lag(String topic) {
			return this.lag;
		}

	}

}
