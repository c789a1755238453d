/**
 * The envelope as JSON.
 */
@NullMarked
package dev.outbox.json;

import org.jspecify.annotations.NullMarked;
