/**
 * Payments: charge the customer of an order, or give the money back.
 */
@NullMarked
package example.shop.payment;

import org.jspecify.annotations.NullMarked;
