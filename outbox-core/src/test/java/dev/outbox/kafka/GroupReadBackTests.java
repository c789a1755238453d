package dev.outbox.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import dev.outbox.health.InstanceHealth;
import dev.outbox.relay.ReadProgress;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What can be told of the group without asking for it.
 */
class GroupReadBackTests {

	private final GroupReadBack readBack = new GroupReadBack(Map.of(), "shop-outbox", List.of("orders"), () -> 0,
			new InstanceHealth(Duration.ofMinutes(20), () -> 0));

	@Test
	void whatNobodyReadsBackWaits() {
		assertThat(this.readBack.lag("elsewhere")).isEqualTo(ReadProgress.UNKNOWN);
		assertThat(this.readBack.patience("elsewhere")).isEqualTo(ReadProgress.UNKNOWN);
	}

	@Test
	void aTopicThatIsNotThereHasNothingToBeRead() {
		assertThat(this.readBack.lag("orders")).isZero();
	}

}
