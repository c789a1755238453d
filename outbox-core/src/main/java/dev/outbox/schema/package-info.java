/**
 * The tables: their migration and their check at start-up.
 */
@NullMarked
package dev.outbox.schema;

import org.jspecify.annotations.NullMarked;
