package dev.outbox.autoconfigure;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.outbox.OutboxMonitor;
import dev.outbox.OutboxStatus;
import dev.outbox.OutboxTrouble;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

/**
 * Tells how the outbox is doing. Trouble has a status of its own, which does not count in
 * that of the application: the outbox outlives it, and to restart the application or to
 * take it out of service would not mend it. Only where the tables cannot be read is it
 * down, as the database is.
 *
 * @since 0.1
 */
public final class OutboxHealthIndicator extends AbstractHealthIndicator {

	/**
	 * Something keeps events from being sent or confirmed; they wait.
	 */
	public static final Status DEGRADED = new Status("DEGRADED", "Events wait until the troubles are over");

	private final OutboxMonitor monitor;

	OutboxHealthIndicator(OutboxMonitor monitor) {
		super("The tables of the outbox cannot be read");
		this.monitor = monitor;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		OutboxStatus status = this.monitor.status();
		builder.status(status.troubles().isEmpty() ? Status.UP : DEGRADED)
			.withDetail("pending", status.pending())
			.withDetail("oldestPending", seconds(status.oldestPending()))
			.withDetail("parked", status.parked())
			.withDetail("blocked", status.blocked())
			.withDetail("paused", status.paused().isPresent())
			.withDetail("skipped",
					Map.of("foreign", status.skipped().foreign(), "malformed", status.skipped().malformed()))
			.withDetail("troubles", status.troubles().stream().map(OutboxHealthIndicator::details).toList());
		status.paused().ifPresent((length) -> builder.withDetail("pausedFor", seconds(length)));
	}

	private static Map<String, String> details(OutboxTrouble trouble) {
		Map<String, String> details = new LinkedHashMap<>();
		details.put("kind", trouble.kind().name());
		if (trouble.topic() != null) {
			details.put("topic", trouble.topic());
		}
		details.put("reason", trouble.reason());
		details.put("lasting", seconds(trouble.age()));
		return details;
	}

	private static String seconds(Duration duration) {
		return duration.truncatedTo(ChronoUnit.SECONDS).toString();
	}

}
