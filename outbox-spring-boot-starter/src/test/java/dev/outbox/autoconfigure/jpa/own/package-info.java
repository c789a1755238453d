/**
 * An application with an outbox of its own, from before.
 */
@NullMarked
package dev.outbox.autoconfigure.jpa.own;

import org.jspecify.annotations.NullMarked;
