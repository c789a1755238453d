/**
 * A look at the outbox.
 */
@NullMarked
package example.shop.outbox;

import org.jspecify.annotations.NullMarked;
