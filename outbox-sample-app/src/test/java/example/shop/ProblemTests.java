package example.shop;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.client.RestTestClient;
import org.springframework.test.web.servlet.client.RestTestClient.ResponseSpec;

/**
 * Requests that fail are answered by problem details.
 */
@ShopTest
class ProblemTests {

	@LocalServerPort
	private int port;

	private RestTestClient http;

	@BeforeEach
	void connect() {
		this.http = new ShopClient(this.port).http();
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"customerId\":1,\"productId\":1,\"quantity\":0}",
			"{\"customerId\":1,\"productId\":1,\"quantity\":1001}", "{\"customerId\":1,\"productId\":1}",
			"{\"customerId\":1,\"productId\":1,\"quantity\":null}" })
	void anInvalidFieldIsNamed(String body) {
		problem(post("/api/orders", body), 400).jsonPath("$.errors.quantity").isNotEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "{", "[]", "{\"customerId\":1,\"productId\":1,\"quantity\":1.5}",
			"{\"customerId\":\"one\",\"productId\":1,\"quantity\":1}",
			"{\"customerId\":1,\"productId\":1,\"quantity\":99999999999}" })
	void aBodyThatCannotBeReadIsRefused(String body) {
		problem(post("/api/orders", body), 400);
	}

	@Test
	void anOrderNeedsACustomerAndAProduct() {
		problem(post("/api/orders", "{\"customerId\":99,\"productId\":1,\"quantity\":1}"), 404).jsonPath("$.detail")
			.isEqualTo("There is no customer 99.");
		problem(post("/api/orders", "{\"customerId\":1,\"productId\":99,\"quantity\":1}"), 404).jsonPath("$.detail")
			.isEqualTo("There is no product 99.");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/api/orders/999999", "/api/customers/99", "/api/products/99", "/api/coupons/99",
			"/api/unknown" })
	void whatDoesNotExistIsNotFound(String path) {
		problem(this.http.get().uri(path).exchange(), 404);
	}

	@Test
	void anIdIsANumber() {
		problem(this.http.get().uri("/api/orders/first").exchange(), 400);
	}

	@Test
	void aCouponRequestNeedsACouponAndACustomer() {
		problem(post("/api/coupons/99/requests", "{\"customerId\":1}"), 404).jsonPath("$.detail")
			.isEqualTo("There is no coupon 99.");
		problem(post("/api/coupons/1/requests", "{}"), 400).jsonPath("$.errors.customerId").isNotEmpty();
	}

	@Test
	void methodsAndMediaTypesAreChecked() {
		problem(this.http.delete().uri("/api/orders/1").exchange(), 405);
		problem(this.http.post().uri("/api/orders").contentType(MediaType.TEXT_PLAIN).body("hello").exchange(), 415);
	}

	private ResponseSpec post(String path, String body) {
		return this.http.post().uri(path).contentType(MediaType.APPLICATION_JSON).body(body).exchange();
	}

	private static RestTestClient.BodyContentSpec problem(ResponseSpec response, int status) {
		return response.expectStatus()
			.isEqualTo(status)
			.expectHeader()
			.contentTypeCompatibleWith(MediaType.APPLICATION_PROBLEM_JSON)
			.expectBody()
			.jsonPath("$.status")
			.isEqualTo(status);
	}

}
