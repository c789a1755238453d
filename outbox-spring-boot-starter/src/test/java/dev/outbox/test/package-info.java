/**
 * The outbox as a whole, with real servers.
 */
@NullMarked
package dev.outbox.test;

import org.jspecify.annotations.NullMarked;
