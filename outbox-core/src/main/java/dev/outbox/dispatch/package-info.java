/**
 * Sends committed events right after the commit, each key in the order of the table.
 */
@NullMarked
package dev.outbox.dispatch;

import org.jspecify.annotations.NullMarked;
