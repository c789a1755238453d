/**
 * The API of the outbox: what an application declares, calls and receives.
 */
@NullMarked
package dev.outbox;

import org.jspecify.annotations.NullMarked;
