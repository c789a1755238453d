package dev.outbox.benchmarks.contestant;

import java.time.Instant;

/**
 * The time in microseconds, which is the same in all JVMs of a machine.
 */
public final class Micros {

	private Micros() {
	}

	/**
	 * The time.
	 * @return the microseconds since 1970
	 */
	public static long now() {
		Instant now = Instant.now();
		return now.getEpochSecond() * 1_000_000 + now.getNano() / 1000;
	}

}
