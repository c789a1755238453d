package dev.outbox.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

import dev.outbox.OutboxMonitor;
import dev.outbox.OutboxOperations;
import dev.outbox.OutboxStatus;
import dev.outbox.OutboxTrouble;
import dev.outbox.OutboxTrouble.Kind;
import dev.outbox.health.InstanceHealth;
import org.junit.jupiter.api.Test;

import org.springframework.boot.health.actuate.endpoint.StatusAggregator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.dao.DataAccessResourceFailureException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * The outbox's part in the health of the application.
 */
class OutboxHealthAutoConfigurationTests {

	private final ApplicationContextRunner runner = OutboxContexts.withOutbox();

	@Test
	void outboxIsUpAndTellsItsFigures() {
		this.runner.run((context) -> {
			context.getBean(InstanceHealth.class).skipped(3, 1);
			Health health = health(context);
			assertThat(health.getStatus()).isEqualTo(Status.UP);
			assertThat(health.getDetails()).containsExactly(Map.entry("pending", 0L),
					Map.entry("oldestPending", "PT0S"), Map.entry("parked", 0L), Map.entry("blocked", 0L),
					Map.entry("paused", false), Map.entry("skipped", Map.of("foreign", 3L, "malformed", 1L)),
					Map.entry("troubles", List.of()));
		});
	}

	@Test
	void pauseIsToldAndIsNoTrouble() {
		this.runner.run((context) -> {
			context.getBean(OutboxOperations.class).pause("test");
			Health health = health(context);
			assertThat(health.getStatus()).isEqualTo(Status.UP);
			assertThat(health.getDetails()).containsEntry("paused", true).containsKey("pausedFor");
		});
	}

	@Test
	void troubleHasItsOwnStatusWhichDoesNotCountInThatOfTheApplication() {
		this.runner
			.withBean(OutboxMonitor.class,
					() -> () -> new OutboxStatus(7, Duration.ofMillis(61_500), 2, 1, Optional.of(Duration.ofSeconds(5)),
							new OutboxStatus.Skipped(0, 0),
							List.of(new OutboxTrouble(Kind.TOPIC, "orders", "missing", Duration.ofSeconds(42)),
									new OutboxTrouble(Kind.BROKER, null, "away", Duration.ofMillis(900)))))
			.run((context) -> {
				Health health = health(context);
				assertThat(health.getStatus()).isEqualTo(new Status("DEGRADED"));
				assertThat(health.getDetails()).containsEntry("pending", 7L)
					.containsEntry("oldestPending", "PT1M1S")
					.containsEntry("parked", 2L)
					.containsEntry("blocked", 1L)
					.containsEntry("paused", true)
					.containsEntry("pausedFor", "PT5S")
					.containsEntry("troubles",
							List.of(Map.of("kind", "TOPIC", "topic", "orders", "reason", "missing", "lasting", "PT42S"),
									Map.of("kind", "BROKER", "reason", "away", "lasting", "PT0S")));
				assertThat(StatusAggregator.getDefault().getAggregateStatus(health.getStatus(), Status.UP))
					.isEqualTo(Status.UP);
			});
	}

	@Test
	void outboxIsDownOnlyIfItsTablesCannotBeRead() {
		OutboxMonitor monitor = mock(OutboxMonitor.class);
		given(monitor.status()).willThrow(new DataAccessResourceFailureException("away"));
		this.runner.withBean(OutboxMonitor.class, () -> monitor)
			.run((context) -> assertThat(health(context).getStatus()).isEqualTo(Status.DOWN));
	}

	@Test
	void indicatorIsSwitchedOffByItsPropertyOrByThatOfAll() {
		for (String property : List.of("management.health.outbox.enabled=false",
				"management.health.defaults.enabled=false")) {
			this.runner.withPropertyValues(property)
				.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(HealthIndicator.class));
		}
	}

	@Test
	void indicatorIsReplacedByOneOfItsName() {
		HealthIndicator users = () -> Health.up().build();
		this.runner.withBean("outboxHealthIndicator", HealthIndicator.class, () -> users)
			.run((context) -> assertThat(context).getBean(HealthIndicator.class).isSameAs(users));
	}

	@Test
	void indicatorOfSomethingElseStays() {
		this.runner.withBean("shopHealthIndicator", HealthIndicator.class, () -> () -> Health.up().build())
			.run((context) -> assertThat(context).hasBean("outboxHealthIndicator"));
	}

	@Test
	void outboxThatOnlyCapturesHasItsFigures() {
		this.runner.withPropertyValues("outbox.capture-only=true")
			.run((context) -> assertThat(health(context).getDetails()).containsEntry("pending", 0L));
	}

	private static Health health(ApplicationContext context) {
		return Objects.requireNonNull(context.getBean("outboxHealthIndicator", HealthIndicator.class).health());
	}

}
