package dev.outbox.health;

import java.time.Duration;

import dev.outbox.OutboxStatus;
import dev.outbox.OutboxTrouble;
import dev.outbox.OutboxTrouble.Kind;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which troubles are told, and for how long.
 */
class InstanceHealthTests {

	private static final Duration MINUTE = Duration.ofMinutes(1);

	// Near the end of the clock's range, which it may pass.
	private long nanos = Long.MAX_VALUE - 10;

	private final InstanceHealth health = new InstanceHealth(MINUTE.multipliedBy(20), () -> this.nanos);

	@Test
	void troubleLastsFromItsFirstReportUntilItsEnd() {
		this.health.report(Kind.TOPIC, "a", "missing");
		pass(MINUTE);
		this.health.report(Kind.TOPIC, "b", "missing");
		this.health.report(Kind.TOPIC, "a", "not authorised");
		pass(MINUTE);
		assertThat(this.health.troubles(true)).containsExactly(
				new OutboxTrouble(Kind.TOPIC, "a", "not authorised", MINUTE.multipliedBy(2)),
				new OutboxTrouble(Kind.TOPIC, "b", "missing", MINUTE));
		this.health.end(Kind.TOPIC, "a");
		this.health.end(Kind.BROKER, null);
		assertThat(this.health.troubles(true)).map(OutboxTrouble::topic).containsExactly("b");
	}

	@Test
	void troubleThatIsNotReportedAnewIsForgotten() {
		this.health.report(Kind.TOPIC, "a", "missing");
		this.health.report(Kind.READING, "a", "not authorised", MINUTE);
		pass(MINUTE.multipliedBy(2));
		assertThat(this.health.troubles(true)).map(OutboxTrouble::kind).containsExactly(Kind.TOPIC);
		this.health.report(Kind.READING, "a", "not authorised", MINUTE);
		assertThat(this.health.troubles(true)).map(OutboxTrouble::age)
			.containsExactly(MINUTE.multipliedBy(2), Duration.ZERO);
		pass(MINUTE.multipliedBy(19));
		assertThat(this.health.troubles(true)).isEmpty();
	}

	@Test
	void troubleWithPendingEventsIsNoneIfThereAreNone() {
		for (Kind kind : Kind.values()) {
			this.health.report(kind, null, "any");
		}
		assertThat(this.health.troubles(true)).hasSize(Kind.values().length);
		assertThat(this.health.troubles(false)).map(OutboxTrouble::kind)
			.containsExactlyInAnyOrder(Kind.READING, Kind.IDENTITY);
	}

	@Test
	void onlySoManyAreRemembered() {
		for (int i = 0; i < 1000; i++) {
			this.health.report(Kind.TOPIC, "topic" + i, "missing");
		}
		assertThat(this.health.troubles(true)).hasSize(100);
		this.health.report(Kind.TOPIC, "topic0", "not authorised");
		assertThat(this.health.troubles(true)).hasSize(100).map(OutboxTrouble::reason).contains("not authorised");
		pass(MINUTE.multipliedBy(21));
		this.health.report(Kind.TOPIC, "topic1000", "missing");
		assertThat(this.health.troubles(true)).map(OutboxTrouble::topic).containsExactly("topic1000");
	}

	@Test
	void whatIsSkippedIsCounted() {
		this.health.skipped(2, 1);
		this.health.skipped(3, 0);
		assertThat(this.health.skipped()).isEqualTo(new OutboxStatus.Skipped(5, 1));
	}

	private void pass(Duration time) {
		this.nanos += time.toNanos();
	}

}
