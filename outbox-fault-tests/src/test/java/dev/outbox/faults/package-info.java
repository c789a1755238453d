/**
 * The promises of the outbox under faults.
 */
@NullMarked
package dev.outbox.faults;

import org.jspecify.annotations.NullMarked;
