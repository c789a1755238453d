package dev.outbox.store;

/**
 * How large a pending event is.
 *
 * @param id the row's id
 * @param bytes the size of the payload in bytes
 * @since 0.1
 */
public record PendingSize(long id, long bytes) {

}
