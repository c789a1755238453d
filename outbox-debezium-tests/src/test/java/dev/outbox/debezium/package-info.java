/**
 * Debezium reads the outbox's table.
 */
@NullMarked
package dev.outbox.debezium;

import org.jspecify.annotations.NullMarked;
