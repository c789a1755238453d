/**
 * A Kafka broker inside the application, so that trying it out needs no installation.
 */
@NullMarked
package example.shop.broker;

import org.jspecify.annotations.NullMarked;
