/**
 * What an event costs the processor, without database and broker.
 */
@NullMarked
package dev.outbox.benchmarks.cpu;

import org.jspecify.annotations.NullMarked;
