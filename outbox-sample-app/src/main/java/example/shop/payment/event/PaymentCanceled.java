package example.shop.payment.event;

/**
 * The payment of an order has been given back.
 *
 * @param orderId the order
 * @param amount how much was given back, in cents
 */
public record PaymentCanceled(long orderId, long amount) {

}
