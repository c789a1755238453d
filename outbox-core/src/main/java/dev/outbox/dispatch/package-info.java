/**
 * Sends committed events right after the commit, each key in the order of the table.
 * <p>
 * All state belongs to the dispatcher's thread, and to those that take its place for a
 * while; what may be called on any thread says so.
 */
@NullMarked
package dev.outbox.dispatch;

import org.jspecify.annotations.NullMarked;
