/**
 * What an instance notices of its own health while it works.
 */
@NullMarked
package dev.outbox.health;

import org.jspecify.annotations.NullMarked;
