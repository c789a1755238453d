/**
 * A shop whose parts talk to each other by events that go through the outbox.
 */
@NullMarked
package example.shop;

import org.jspecify.annotations.NullMarked;
