/**
 * Mails to customers, slow and out of everyone's way.
 */
@NullMarked
package example.shop.notification;

import org.jspecify.annotations.NullMarked;
