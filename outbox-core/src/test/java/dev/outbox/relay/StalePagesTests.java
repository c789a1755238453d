package dev.outbox.relay;

import java.time.Duration;
import java.util.List;

import dev.outbox.dispatch.ResendPage;
import dev.outbox.store.StoredEvent;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which events a pass of the relay reads, and which of them are due.
 */
class StalePagesTests extends AbstractRelayTests {

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

}
