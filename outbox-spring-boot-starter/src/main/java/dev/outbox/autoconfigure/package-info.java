/**
 * Auto-configuration of the outbox.
 */
@NullMarked
package dev.outbox.autoconfigure;

import org.jspecify.annotations.NullMarked;
