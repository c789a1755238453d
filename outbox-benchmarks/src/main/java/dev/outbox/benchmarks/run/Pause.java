package dev.outbox.benchmarks.run;

import java.time.Duration;

import static org.awaitility.Awaitility.await;

/**
 * Lets time pass, where the time is what is measured and not the end of something.
 */
final class Pause {

	private Pause() {
	}

	static void of(Duration time) {
		await().pollDelay(time).atMost(time.plusMinutes(1)).until(() -> true);
	}

}
