/**
 * Products and their stock.
 */
@NullMarked
package example.shop.product;

import org.jspecify.annotations.NullMarked;
