package example.shop;

import java.time.Duration;
import java.util.UUID;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.core.KafkaTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Events that arrive twice change nothing the second time.
 */
@ShopTest
class RedeliveryTests {

	@LocalServerPort
	private int port;

	@Autowired
	private KafkaAdmin kafka;

	@Autowired
	private KafkaTemplate<String, String> template;

	@Autowired
	private JdbcTemplate jdbc;

	private ShopClient shop;

	@BeforeEach
	void connect() {
		this.shop = new ShopClient(this.port);
	}

	@Test
	void anOrderIsPaidOnce() throws Exception {
		long order = completedOrder(3);
		long balance = this.shop.balance(3);
		again("order.created", "ORDER_CREATED", order, "{\"orderId\":%d,\"customerId\":3,\"amount\":300}");
		handled("payment-order-created");
		assertThat(this.shop.balance(3)).isEqualTo(balance);
	}

	@Test
	void anOrderTakesItsStockOnce() throws Exception {
		long order = completedOrder(4);
		int stock = this.shop.stock(1);
		again("payment.paid", "PAYMENT_PAID", order, "{\"orderId\":%d,\"amount\":300}");
		handled("order-payment-paid");
		assertThat(this.shop.stock(1)).isEqualTo(stock);
	}

	@Test
	void aCompletedOrderDoesNotFailLater() throws Exception {
		long order = completedOrder(5);
		again("payment.failed", "PAYMENT_FAILED", order, "{\"orderId\":%d,\"reason\":\"late\"}");
		handled("order-payment-failed");
		assertThat(this.shop.order(order).status()).isEqualTo("COMPLETED");
	}

	@Test
	void moneyComesBackOnce() throws Exception {
		long balance = this.shop.balance(6);
		long order = this.shop.placeOrder(6, 5, this.shop.stock(5) + 1);
		await().until(() -> this.shop.order(order).is("FAILED") && this.shop.balance(6) == balance);
		again("order.complete-failed", "ORDER_COMPLETE_FAILED", order,
				"{\"orderId\":%d,\"customerId\":6,\"reason\":\"again\"}");
		handled("payment-order-complete-failed");
		assertThat(this.shop.balance(6)).isEqualTo(balance);
	}

	@Test
	void aRequestGetsOneCoupon() throws Exception {
		this.jdbc.update("INSERT INTO coupon (id, total, issued) VALUES (2, 10, 0)");
		UUID request = UUID.randomUUID();
		for (UUID eventId : new UUID[] { request, request, UUID.randomUUID() }) {
			send("coupon.publish-requested", 2,
					envelope(eventId, "COUPON_PUBLISH_REQUESTED", "{\"couponId\":2,\"customerId\":7}"));
		}
		handled("coupon-publish-requested");
		assertThat(this.shop.coupon(2).issued()).isEqualTo(2);
	}

	private long completedOrder(long customerId) {
		long order = this.shop.placeOrder(customerId, 1, 2);
		await().until(() -> this.shop.order(order).is("COMPLETED"));
		return order;
	}

	private void again(String topic, String type, long orderId, String payload) throws Exception {
		send(topic, orderId, envelope(UUID.randomUUID(), type, payload.formatted(orderId)));
	}

	private void send(String topic, long key, String envelope) throws Exception {
		this.template.send(topic, Long.toString(key), envelope).get();
	}

	private void handled(String group) {
		await().atMost(Duration.ofSeconds(20)).until(() -> Lag.of(this.kafka, group) == 0);
	}

	private static String envelope(UUID eventId, String type, String payload) {
		return "{\"eventId\":\"%s\",\"eventType\":\"%s\",\"payload\":%s}".formatted(eventId, type, payload);
	}

}
