/**
 * The contestants: applications that do the same transactions and publish in different
 * ways, each in a JVM of its own.
 */
@NullMarked
package dev.outbox.benchmarks.contestant;

import org.jspecify.annotations.NullMarked;
