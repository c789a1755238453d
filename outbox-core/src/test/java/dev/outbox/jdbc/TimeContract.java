package dev.outbox.jdbc;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.TimeZone;

import com.zaxxer.hikari.HikariDataSource;
import dev.outbox.store.Attempt;
import dev.outbox.store.StoredEvent;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Ages and leases are spans of time, in whatever zones the JVM and the database's
 * sessions are.
 */
interface TimeContract extends OnDatabase {

	@ParameterizedTest
	@ValueSource(strings = { "UTC", "Pacific/Kiritimati", "America/St_Johns" })
	default void instancesInDifferentZonesAgreeOnAgesAndLeases(String zoneOfTheJvm) {
		inZone(zoneOfTheJvm, () -> {
			for (String zone : zones()) {
				for (String other : zones()) {
					agree(zone, other);
				}
			}
		});
	}

	private void agree(String zone, String other) {
		database().empty();
		try (HikariDataSource here = pool(zone); HikariDataSource there = pool(other)) {
			OutboxJdbc one = database().outbox(here, "one");
			OutboxJdbc two = database().outbox(there, "two");
			new JdbcOutboxStore(one).insert(List.of(TestDatabase.event("42")));
			JdbcRelayStore relay = new JdbcRelayStore(two);
			assertThat(relay.look().oldestAge()).as("%s to %s", zone, other).hasValueSatisfying(TimeContract::isShort);
			StoredEvent event = relay.page(0, Long.MAX_VALUE, 1).get(0);
			new JdbcRelayStore(one).recordAttempts(List.of(new Attempt(event.id(), null)));
			assertThat(relay.page(0, Long.MAX_VALUE, 1)).singleElement().satisfies((stored) -> {
				isShort(stored.age());
				isShort(stored.sinceAttempt());
			});
			isShort(new JdbcOutboxMonitor(two, TestDatabase.health()).status().oldestPending());
			assertThat(new JdbcRelayLock(one).acquire(Duration.ofMinutes(2))).isTrue();
			assertThat(new JdbcRelayLock(two).acquire(Duration.ofMinutes(2))).isFalse();
			new JdbcRelayLock(one).release();
			assertThat(new JdbcRelayLock(two).acquire(Duration.ofMinutes(2))).isTrue();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "2024-03-31T01:00:00Z", "2024-10-27T01:00:00Z" })
	default void agesDoNotJumpWhenSummerTimeBeginsOrEnds(Instant change) {
		inZone("Europe/Berlin", () -> {
			for (String zone : zones()) {
				try (HikariDataSource pool = pool(zone)) {
					for (int minutes = -90; minutes <= 90; minutes += 30) {
						database().empty();
						database().insert(TestDatabase.event("42"));
						Instant created = change.plus(Duration.ofMinutes(minutes));
						database().sql().update("UPDATE outbox SET created_at = " + database().literal(created));
						Duration age = new JdbcRelayStore(database().outbox(pool, "one")).look()
							.oldestAge()
							.orElseThrow();
						isShort(Duration.between(created, Instant.now()).minus(age));
					}
				}
			}
		});
	}

	private HikariDataSource pool(String zone) {
		return database().pool((config) -> config.setConnectionInitSql(setZone(zone)));
	}

	private static void isShort(Duration duration) {
		assertThat(duration).isBetween(Duration.ofMinutes(-1), Duration.ofMinutes(1));
	}

	private static void inZone(String zone, Runnable work) {
		TimeZone before = TimeZone.getDefault();
		try {
			TimeZone.setDefault(TimeZone.getTimeZone(zone));
			work.run();
		}
		finally {
			TimeZone.setDefault(before);
		}
	}

}
