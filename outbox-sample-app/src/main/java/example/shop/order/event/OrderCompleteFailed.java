package example.shop.order.event;

/**
 * An order was paid but cannot be completed.
 *
 * @param orderId the order
 * @param customerId who paid
 * @param reason why it cannot
 */
public record OrderCompleteFailed(long orderId, long customerId, String reason) {

}
