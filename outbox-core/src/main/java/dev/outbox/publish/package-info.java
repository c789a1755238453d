/**
 * Accepts events within a transaction and stores them before it commits.
 */
@NullMarked
package dev.outbox.publish;

import org.jspecify.annotations.NullMarked;
