/**
 * Publishing in the transactions of an application, right and wrong. No broker is needed:
 * what would be sent is seen where it is handed over.
 */
@NullMarked
package dev.outbox.autoconfigure.publish;

import org.jspecify.annotations.NullMarked;
