package dev.outbox.store;

import org.jspecify.annotations.Nullable;

/**
 * The outcome of resending an event.
 *
 * @param id the row's id
 * @param error what went wrong, or {@code null} if Kafka acknowledged it
 * @since 0.1
 */
public record Attempt(long id, @Nullable String error) {

}
