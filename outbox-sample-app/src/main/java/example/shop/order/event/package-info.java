/**
 * What orders tell the rest of the shop.
 */
@NullMarked
package example.shop.order.event;

import org.jspecify.annotations.NullMarked;
