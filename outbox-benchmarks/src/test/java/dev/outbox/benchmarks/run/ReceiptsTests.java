package dev.outbox.benchmarks.run;

import java.nio.charset.StandardCharsets;

import dev.outbox.benchmarks.contestant.Change;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link Receipts}.
 */
class ReceiptsTests {

	private final Receipts receipts = new Receipts(7);

	@Test
	void firstDeliveryCounts() {
		receive(1, 7, 1, 100);
		receive(1, 7, 2, 200);
		receive(1, 7, 1, 300);
		assertThat(this.receipts.timesById()).containsOnlyKeys(Change.id(1, 1), Change.id(1, 2))
			.containsEntry(Change.id(1, 1), 100L);
		assertThat(this.receipts.duplicates()).isOne();
		assertThat(this.receipts.reordered()).isZero();
		assertThat(this.receipts.first()).isEqualTo(100);
		assertThat(this.receipts.last()).isEqualTo(200);
	}

	@Test
	void firstDeliveryAfterALaterOneOfItsAccountIsReordered() {
		receive(1, 7, 2, 100);
		receive(2, 7, 1, 200);
		receive(1, 7, 1, 300);
		assertThat(this.receipts.reordered()).isOne();
		assertThat(this.receipts.size()).isEqualTo(3);
	}

	@Test
	void otherRunsAreLeftOut() {
		receive(1, 6, 1, 100);
		assertThat(this.receipts.size()).isZero();
	}

	@Test
	void recordWithoutNumbersIsRefused() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.receipts.add("{}".getBytes(StandardCharsets.UTF_8), 1))
			.withMessageContaining("There is no run");
	}

	private void receive(int account, int run, long sequence, long time) {
		this.receipts.add("{\"payload\":{\"account\":%d,\"run\":%d,\"sequence\":%d,\"text\":\"\"}}"
			.formatted(account, run, sequence)
			.getBytes(StandardCharsets.UTF_8), time);
	}

}
