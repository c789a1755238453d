/**
 * What the application has outside of its main packages.
 */
@NullMarked
package dev.outbox.autoconfigure.jpa.more;

import org.jspecify.annotations.NullMarked;
