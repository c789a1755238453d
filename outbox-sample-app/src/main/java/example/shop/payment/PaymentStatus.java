package example.shop.payment;

/**
 * What became of a payment.
 */
enum PaymentStatus {

	PAID, FAILED, CANCELED

}
