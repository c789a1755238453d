/**
 * The main package of an application.
 */
@NullMarked
package dev.outbox.autoconfigure.jpa.main;

import org.jspecify.annotations.NullMarked;
