/**
 * What is needed of an application that uses JPA.
 */
@NullMarked
package dev.outbox.jpa;

import org.jspecify.annotations.NullMarked;
