/**
 * Clears events that have been confirmed.
 */
@NullMarked
package dev.outbox.confirm;

import org.jspecify.annotations.NullMarked;
