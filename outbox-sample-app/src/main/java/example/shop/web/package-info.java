/**
 * What all controllers have in common.
 */
@NullMarked
package example.shop.web;

import org.jspecify.annotations.NullMarked;
