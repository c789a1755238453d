/**
 * Event types to be found.
 */
@NullMarked
package dev.outbox.autoconfigure.types;

import org.jspecify.annotations.NullMarked;
