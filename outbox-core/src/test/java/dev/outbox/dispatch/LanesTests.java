package dev.outbox.dispatch;

import java.util.stream.IntStream;

import dev.outbox.store.OrderingKey;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which keys are forgotten when there are too many.
 */
class LanesTests {

	private final Lanes lanes = new Lanes(10);

	@Test
	void theKeyThatWasNotUsedForTheLongestIsForgotten() {
		IntStream.range(0, 10).forEach(this::use);
		IntStream.of(0, 1, 2, 3, 4, 6, 7, 8, 9).forEach(this::use);
		use(10);
		assertThat(IntStream.rangeClosed(0, 10).filter((key) -> this.lanes.known(key(key)) == null)).containsExactly(5);
	}

	@Test
	void aKeyThatIsNotIdleIsKept() {
		IntStream.range(0, 10).forEach(this::use);
		this.lanes.lane(key(1)).inFlight = 1;
		use(0);
		IntStream.range(20, 100).forEach(this::use);
		assertThat(this.lanes.known(key(1))).isNotNull();
		assertThat(this.lanes.known(key(0))).isNull();
	}

	private void use(int key) {
		this.lanes.lane(key(key));
	}

	private static OrderingKey key(int key) {
		return new OrderingKey("topic", String.valueOf(key));
	}

}
