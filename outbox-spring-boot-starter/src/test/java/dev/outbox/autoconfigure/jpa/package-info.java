/**
 * An application that keeps customers by JPA, and how it queries the outbox.
 */
@NullMarked
package dev.outbox.autoconfigure.jpa;

import org.jspecify.annotations.NullMarked;
