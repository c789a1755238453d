/**
 * Sends what is stale: the events whose sender or confirmation was lost.
 */
@NullMarked
package dev.outbox.relay;

import org.jspecify.annotations.NullMarked;
