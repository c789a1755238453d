/**
 * Starts the contestants, gives them loads in turn, and counts and times what arrives.
 */
@NullMarked
package dev.outbox.benchmarks.run;

import org.jspecify.annotations.NullMarked;
