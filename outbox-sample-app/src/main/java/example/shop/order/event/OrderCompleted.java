package example.shop.order.event;

/**
 * An order is paid and ready to be shipped.
 *
 * @param orderId the order
 * @param customerId who bought
 */
public record OrderCompleted(long orderId, long customerId) {

}
