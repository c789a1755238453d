/**
 * Customers and their balances.
 */
@NullMarked
package example.shop.customer;

import org.jspecify.annotations.NullMarked;
