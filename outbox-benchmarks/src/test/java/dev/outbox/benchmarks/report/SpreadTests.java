package dev.outbox.benchmarks.report;

import java.util.stream.DoubleStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Spread}.
 */
class SpreadTests {

	@Test
	void medianLeastAndMost() {
		assertThat(Spread.of(DoubleStream.of(3, 1, 2))).isEqualTo(new Spread(2, 1, 3))
			.hasToString("2.00 (1.00 to 3.00)");
		assertThat(Spread.of(DoubleStream.of(4, 1, 2, 3)).median()).isEqualTo(2.5);
	}

	@Test
	void unknownValuesAreLeftOut() {
		assertThat(Spread.of(DoubleStream.of(Double.NaN, 5)).median()).isEqualTo(5);
		assertThat(Spread.of(DoubleStream.of(Double.NaN)).isKnown()).isFalse();
		assertThat(Spread.of(DoubleStream.empty())).hasToString("");
	}

	@Test
	void smallValuesHaveMoreDigits() {
		assertThat(Spread.of(DoubleStream.of(1.234)).rounded()).isEqualTo("1.23");
		assertThat(Spread.of(DoubleStream.of(12.34)).rounded()).isEqualTo("12.3");
		assertThat(Spread.of(DoubleStream.of(1234.5)).rounded()).isEqualTo("1,235");
	}

}
