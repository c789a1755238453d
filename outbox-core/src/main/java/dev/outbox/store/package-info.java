/**
 * The stored events: the values that are kept and the storage they are kept in.
 */
@NullMarked
package dev.outbox.store;

import org.jspecify.annotations.NullMarked;
