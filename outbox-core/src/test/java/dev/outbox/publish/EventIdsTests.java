package dev.outbox.publish;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The ids of events.
 */
class EventIdsTests {

	private static final int MANY = 100_000;

	private static final Instant NOW = Instant.parse("2026-11-21T10:15:30.123Z");

	@Test
	void idsAreOfVersionSevenAndOfTheStandardVariant() {
		EventIds ids = new EventIds(InstantSource.fixed(NOW));
		for (int i = 0; i < 1000; i++) {
			UUID id = ids.next();
			assertThat(id.version()).isEqualTo(7);
			assertThat(id.variant()).isEqualTo(2);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "1970-01-01T00:00:00Z", "2026-11-21T10:15:30.123Z", "9999-12-31T23:59:59.999Z" })
	void idsBeginWithTheTime(String time) {
		Instant now = Instant.parse(time);
		UUID id = new EventIds(InstantSource.fixed(now)).next();
		assertThat(id.getMostSignificantBits() >>> 16).isEqualTo(now.toEpochMilli());
		assertThat(id.toString()).startsWith("%012x".formatted(now.toEpochMilli()).substring(0, 8) + "-");
	}

	@Test
	void idsAreOrderedByTimeAsTextToo() {
		AtomicLong millis = new AtomicLong(NOW.toEpochMilli());
		EventIds ids = new EventIds(() -> Instant.ofEpochMilli(millis.getAndAdd(1)));
		List<String> drawn = new ArrayList<>();
		for (int i = 0; i < 1000; i++) {
			drawn.add(ids.next().toString());
		}
		assertThat(drawn).isSortedAccordingTo(Comparator.naturalOrder());
	}

	@Test
	void idsOfOneMillisecondAreUnique() {
		EventIds ids = new EventIds(InstantSource.fixed(NOW));
		Set<UUID> drawn = new HashSet<>();
		for (int i = 0; i < MANY; i++) {
			drawn.add(ids.next());
		}
		assertThat(drawn).hasSize(MANY);
	}

}
