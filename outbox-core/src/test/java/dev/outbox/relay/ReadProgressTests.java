package dev.outbox.relay;

import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is concluded from the offsets of a group.
 */
class ReadProgressTests {

	private final ReadProgress<Integer> progress = new ReadProgress<>();

	@Test
	void nothingIsKnownUntilTheFirstEndIsReached() {
		look(0, 100, 10);
		assertThat(this.progress.lag()).isEqualTo(ReadProgress.UNKNOWN);
		look(5, 150, 99);
		assertThat(this.progress.lag()).isEqualTo(ReadProgress.UNKNOWN);
		look(7, 170, 100);
		assertThat(this.progress.lag()).hasSeconds(7);
	}

	@Test
	void asLongAsNothingIsKnownNothingIsTakenForLostUntilTenMinutesHavePassed() {
		look(0, 1000, 10);
		look(20, 1000, 20);
		assertThat(this.progress.patience()).isEqualTo(ReadProgress.UNKNOWN);
		assertThat(this.progress.isTooSlow()).isTrue();
		for (int time = 40; time <= 620; time += 20) {
			look(time, 1000, time);
		}
		assertThat(this.progress.patience()).hasMinutes(10);
		look(640, 1000, 1000);
		assertThat(this.progress.isTooSlow()).isFalse();
	}

	@Test
	void aGroupAtTheEndIsNotBehind() {
		look(0, 100, 10);
		look(1, 100, 100);
		assertThat(this.progress.lag()).isZero();
	}

	@Test
	void whatHasBeenReadStaysReadWhileTheNextEndIsNotReached() {
		look(0, 100, 100);
		look(60, 200, 150);
		assertThat(this.progress.lag()).hasSeconds(60);
		look(3600, 500, 199);
		assertThat(this.progress.lag()).hasSeconds(3600);
		look(3601, 500, 200);
		assertThat(this.progress.lag()).hasSeconds(3541);
	}

	@Test
	void everyPartitionCounts() {
		this.progress.look(Map.of(0, 10L, 1, 10L), Map.of(0, 10L), 0);
		this.progress.look(Map.of(0, 20L, 1, 20L), Map.of(0, 20L, 1, 9L), 1);
		assertThat(this.progress.lag()).isEqualTo(ReadProgress.UNKNOWN);
		this.progress.look(Map.of(0, 20L, 1, 20L), Map.of(0, 20L, 1, 10L), 2);
		assertThat(this.progress.lag()).hasNanos(2);
	}

	@Test
	void aGroupThatDoesNotMoveForLongStandsAndNobodyIsPatientWithIt() {
		look(0, 100, 10);
		look(30, 300, 10);
		assertThat(this.progress.stands()).isFalse();
		assertThat(this.progress.patience()).isPositive();
		look(31, 310, 10);
		assertThat(this.progress.stands()).isTrue();
		assertThat(this.progress.patience()).isZero();
		look(32, 320, 11);
		assertThat(this.progress.stands()).isFalse();
	}

	@Test
	void aGroupThatHadNothingToReadDoesNotStand() {
		look(0, 100, 100);
		look(3600, 200, 100);
		assertThat(this.progress.stands()).isFalse();
		look(3631, 200, 100);
		assertThat(this.progress.stands()).isTrue();
	}

	// Such as the markers of transactions at the end of a partition.
	@Test
	void whatIsNeverReadIsNotWaitedForWithoutEnd() {
		look(0, 100, 99);
		look(31, 100, 99);
		assertThat(this.progress.patience()).isZero();
	}

	private void look(long seconds, long end, long read) {
		this.progress.look(Map.of(0, end), Map.of(0, read), Duration.ofSeconds(seconds).toNanos());
	}

}
