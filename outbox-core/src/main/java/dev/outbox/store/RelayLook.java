package dev.outbox.store;

import java.time.Duration;
import java.util.Optional;

/**
 * What the relay sees when it looks whether there is anything to do.
 *
 * @param oldestAge the age of the pending event with the lowest id by the database's
 * clock, empty if nothing is pending
 * @param paused whether an operator has paused the application's sending
 * @since 0.1
 */
public record RelayLook(Optional<Duration> oldestAge, boolean paused) {

}
