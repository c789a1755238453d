package example.shop.order;

/**
 * How far an order has come.
 */
enum OrderStatus {

	CREATED, COMPLETED, PAYMENT_FAILED, FAILED

}
