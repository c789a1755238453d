package example.shop.order.event;

/**
 * An order has been placed and waits to be paid.
 *
 * @param orderId the order
 * @param customerId who pays
 * @param amount how much, in cents
 */
public record OrderCreated(long orderId, long customerId, long amount) {

}
