/**
 * More event types to be found.
 */
@NullMarked
package dev.outbox.autoconfigure.types.more;

import org.jspecify.annotations.NullMarked;
