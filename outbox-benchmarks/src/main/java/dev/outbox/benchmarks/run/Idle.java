package dev.outbox.benchmarks.run;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

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
		Pause.of(length);
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
