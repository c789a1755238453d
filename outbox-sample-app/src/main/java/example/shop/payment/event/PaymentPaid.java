package example.shop.payment.event;

/**
 * An order has been paid.
 *
 * @param orderId the order
 * @param amount how much was charged, in cents
 */
public record PaymentPaid(long orderId, long amount) {

}
