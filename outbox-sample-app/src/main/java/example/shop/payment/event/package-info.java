/**
 * What payments tell the rest of the shop.
 */
@NullMarked
package example.shop.payment.event;

import org.jspecify.annotations.NullMarked;
