/**
 * Tables and plots of what was measured.
 */
@NullMarked
package dev.outbox.benchmarks.report;

import org.jspecify.annotations.NullMarked;
