package dev.outbox.jdbc;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.outbox.store.OutboxRecord;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Texts come back as they were given.
 */
interface TextContract extends OnDatabase {

	@Test
	default void charactersOfEveryPlaneComeBack() {
		String planes = IntStream.rangeClosed(0, 16)
			.flatMap((plane) -> IntStream.of(0x41, 0xA9, 0x4E2D, 0xF8FF, 0xFFFD).map((low) -> plane * 0x10000 + low))
			.mapToObj(Character::toString)
			.collect(Collectors.joining());
		comesBack("{\"text\": \"" + planes + "\"}", Map.of("planes", planes, planes, "x"));
	}

	@Test
	default void controlCharactersComeBack() {
		String controls = IntStream.range(1, 32).mapToObj(Character::toString).collect(Collectors.joining());
		comesBack("{\"nul\": \"\\u0000\", \"escape\": \"\\\\ ' \\\" %s ? :x {d '1'}\"}" + controls,
				Map.of("nul", "\u0000", "controls", controls));
	}

	@Test
	default void aMegabyteOfCharactersOfFourBytesComesBack() {
		comesBack("\"" + "\uD83D\uDE00".repeat(1_000_000) + "\"", Map.of("long", "ü".repeat(100_000)));
	}

	@Test
	default void eventTypeOfAnyScriptComesBack() {
		OutboxRecord event = new OutboxRecord(UUID.randomUUID(), "주문_생성", "t", "고객-1 ", "", Map.of());
		database().insert(event);
		assertThat(database().page(1)).singleElement()
			.satisfies((stored) -> assertThat(stored.event()).isEqualTo(event));
	}

	private void comesBack(String payload, Map<String, String> headers) {
		OutboxRecord event = new OutboxRecord(UUID.randomUUID(), "T", "t", "k", payload, headers);
		database().insert(List.of(event));
		assertThat(database().page(1)).singleElement()
			.satisfies((stored) -> assertThat(stored.event().equals(event)).isTrue());
	}

}
