/**
 * Measures the outbox beside an outbox written by hand, and writes down what came of it.
 */
@NullMarked
package dev.outbox.benchmarks;

import org.jspecify.annotations.NullMarked;
