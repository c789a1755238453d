/**
 * The Kafka clients of the outbox, and what listeners need.
 */
@NullMarked
package dev.outbox.kafka;

import org.jspecify.annotations.NullMarked;
