package example.shop.payment.event;

/**
 * An order could not be paid.
 *
 * @param orderId the order
 * @param reason why it could not
 */
public record PaymentFailed(long orderId, String reason) {

}
