/**
 * Orders: placed, then completed or failed by what payments answer.
 */
@NullMarked
package example.shop.order;

import org.jspecify.annotations.NullMarked;
