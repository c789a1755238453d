package dev.outbox.jdbc;

import java.util.function.Function;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What a backlog of other keys' events costs an event: nothing. The backlog has as many
 * rows as {@code -Doutbox.test.backlog} says.
 */
interface BacklogContract extends OnDatabase {

	/**
	 * So many rows make the difference that is looked for larger than what the machine
	 * does besides.
	 */
	int MANY = 1_000_000;

	/**
	 * Create a database that may have many rows.
	 * @return its JDBC URL
	 */
	default String createLargeDatabase() {
		return createDatabase();
	}

	@Tag("long")
	@Test
	default void backlogOfOtherKeysMakesNothingSlower() {
		int rows = Integer.getInteger("outbox.test.backlog", 20_000);
		try (TestDatabase fresh = new TestDatabase(createLargeDatabase())) {
			OutboxTimes empty = new OutboxTimes(fresh, "empty_");
			OutboxTimes full = new OutboxTimes(fresh, "full_");
			full.fill(rows);
			OutboxTimes.compare(empty, full, (rows < MANY) ? 200 : 2000,
					OutboxTimes.STEPS.stream()
						.collect(Collectors.toMap(Function.identity(), (step) -> (rows < MANY) ? 2.0 : most(step))),
					fresh.product() + ", us at the median: without a backlog %s, with one of " + rows + " rows %s");
		}
	}

	// An index of a million rows is three or four pages deep, that of an empty table one:
	// who looks up many keys at once sees it, for he does little else.
	private static double most(String step) {
		return step.equals(OutboxTimes.MANY_KEYS) ? 1.5 : 1.2;
	}

}
