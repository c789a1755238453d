package dev.outbox.benchmarks.run;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

import static org.awaitility.Awaitility.await;

/**
 * Leaves the contestants alone, all together.
 */
public final class Idle {

	private final Field field;

	/**
	 * Create the workload.
	 * @param field the contestants
	 */
	public Idle(Field field) {
		this.field = field;
	}

	/**
	 * Leave them alone for a time.
	 * @param length how long
	 * @return how many statements the database server has executed for each of them
	 */
	public Map<String, Long> run(Duration length) {
		Map<String, Long> before = statements();
		// The time is what is measured, not the end of something.
		await().pollDelay(length).atMost(length.plusMinutes(1)).until(() -> true);
		Map<String, Long> after = statements();
		after.replaceAll((contestant, count) -> count - before.getOrDefault(contestant, 0L));
		return after;
	}

	private Map<String, Long> statements() {
		Map<String, Long> all = new LinkedHashMap<>();
		this.field.sites().forEach((site) -> all.put(site.contestant().title(), site.statements()));
		return all;
	}

}
