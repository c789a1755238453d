/**
 * Real servers and processes for tests: they can be stopped, killed, paused and started
 * again.
 */
@NullMarked
package dev.outbox.testsupport;

import org.jspecify.annotations.NullMarked;
