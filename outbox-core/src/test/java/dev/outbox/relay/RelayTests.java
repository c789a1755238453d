package dev.outbox.relay;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * When the relay does what, with its clock in the test's hands.
 */
class RelayTests extends AbstractRelayTests {

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

}
