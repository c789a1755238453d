package dev.outbox.benchmarks.contestant;

import java.io.Serializable;

/**
 * Said by a contestant when its application is there.
 *
 * @param pid the id of its process
 * @param started when the start of the application began, in microseconds since 1970
 * @param done when it was over
 */
public record Ready(long pid, long started, long done) implements Serializable {

}
