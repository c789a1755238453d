/**
 * Coupons: requested in crowds, issued one by one.
 */
@NullMarked
package example.shop.coupon;

import org.jspecify.annotations.NullMarked;
