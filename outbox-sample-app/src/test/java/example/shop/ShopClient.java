package example.shop;

import java.util.Map;
import java.util.Objects;

import org.springframework.http.HttpStatus;
import org.springframework.test.web.servlet.client.RestTestClient;

/**
 * The shop as its customers see it: over HTTP.
 */
class ShopClient {

	private final RestTestClient http;

	ShopClient(int port) {
		this.http = RestTestClient.bindToServer().baseUrl("http://localhost:" + port).build();
	}

	RestTestClient http() {
		return this.http;
	}

	long placeOrder(long customerId, long productId, int quantity) {
		Map<String, Object> order = Map.of("customerId", customerId, "productId", productId, "quantity", quantity);
		return body(this.http.post().uri("/api/orders").body(order).exchange().expectStatus().isCreated(),
				PlacedOrder.class)
			.orderId();
	}

	Order order(long orderId) {
		return get("/api/orders/" + orderId, Order.class);
	}

	long balance(long customerId) {
		return get("/api/customers/" + customerId, Customer.class).balance();
	}

	int stock(long productId) {
		return get("/api/products/" + productId, Product.class).stock();
	}

	void requestCoupon(long couponId, long customerId) {
		this.http.post()
			.uri("/api/coupons/" + couponId + "/requests")
			.body(Map.of("customerId", customerId))
			.exchange()
			.expectStatus()
			.isEqualTo(HttpStatus.ACCEPTED);
	}

	Coupon coupon(long couponId) {
		return get("/api/coupons/" + couponId, Coupon.class);
	}

	Outbox outbox() {
		return get("/api/outbox", Outbox.class);
	}

	private <T> T get(String path, Class<T> type) {
		return body(this.http.get().uri(path).exchange().expectStatus().isOk(), type);
	}

	private static <T> T body(RestTestClient.ResponseSpec response, Class<T> type) {
		return Objects.requireNonNull(response.expectBody(type).returnResult().getResponseBody());
	}

	record Order(long orderId, String status, long customerId, long productId, int quantity, long amount) {

		boolean is(String status) {
			return this.status.equals(status);
		}

	}

	record PlacedOrder(long orderId, String status) {

	}

	record Customer(long balance) {

	}

	record Product(int stock) {

	}

	record Coupon(long couponId, int total, int issued) {

	}

	record Outbox(long pending, long oldestPendingSeconds, long parked) {

	}

}
