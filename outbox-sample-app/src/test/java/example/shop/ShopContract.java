package example.shop;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import example.shop.ShopClient.Order;
import example.shop.ShopClient.Outbox;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.kafka.core.KafkaAdmin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The shop end to end: HTTP, database and broker.
 */
abstract class ShopContract {

	private static final Outbox EMPTY = new Outbox(0, 0, 0);

	@LocalServerPort
	private int port;

	@Autowired
	private KafkaAdmin kafka;

	private ShopClient shop;

	@BeforeEach
	void connect() {
		this.shop = new ShopClient(this.port);
	}

	@Test
	void anOrderIsPaidAndCompletedWithinSecondsThoughItsMailIsSlow() {
		long balance = this.shop.balance(1);
		int stock = this.shop.stock(1);
		long order = this.shop.placeOrder(1, 1, 2);
		within(10).until(() -> this.shop.order(order).is("COMPLETED"));
		assertThat(this.shop.order(order)).isEqualTo(new Order(order, "COMPLETED", 1, 1, 2, 300));
		assertThat(this.shop.balance(1)).isEqualTo(balance - 300);
		assertThat(this.shop.stock(1)).isEqualTo(stock - 2);
		within(10).until(this.shop::outbox, EMPTY::equals);
	}

	@Test
	void anOrderThatCannotBePaidFails() {
		int stock = this.shop.stock(1);
		long order = this.shop.placeOrder(10, 1, 1);
		within(10).until(() -> this.shop.order(order).is("PAYMENT_FAILED"));
		assertThat(this.shop.balance(10)).isZero();
		assertThat(this.shop.stock(1)).isEqualTo(stock);
	}

	@Test
	void anOrderThatIsOutOfStockFailsAndTheMoneyComesBack() {
		long balance = this.shop.balance(2);
		int stock = this.shop.stock(5);
		long order = this.shop.placeOrder(2, 5, stock + 1);
		within(10).until(() -> this.shop.order(order).is("FAILED"));
		within(10).until(() -> this.shop.balance(2) == balance);
		assertThat(this.shop.stock(5)).isEqualTo(stock);
	}

	@Test
	void ordersOfManyClientsLeaveStockAndBalancesExact() throws Exception {
		List<Long> balances = LongStream.rangeClosed(1, 10).mapToObj(this.shop::balance).toList();
		List<Integer> stocks = LongStream.rangeClosed(1, 5).mapToObj(this.shop::stock).toList();
		List<Long> ids = inParallel(500, (i) -> this.shop.placeOrder(1 + i % 10, 1 + i % 5, 1 + i % 3));
		within(60).untilAsserted(() -> assertThat(ids).noneMatch((id) -> this.shop.order(id).is("CREATED")));
		List<Order> completed = ids.stream().map(this.shop::order).filter((order) -> order.is("COMPLETED")).toList();
		within(20).untilAsserted(() -> {
			for (long customer = 1; customer <= 10; customer++) {
				assertThat(this.shop.balance(customer)).isNotNegative()
					.isEqualTo(balances.get((int) customer - 1) - paid(completed, customer));
			}
		});
		for (long product = 1; product <= 5; product++) {
			assertThat(this.shop.stock(product)).isNotNegative()
				.isEqualTo(stocks.get((int) product - 1) - sold(completed, product));
		}
		assertThat(completed).hasSizeBetween(300, 499);
		within(20).until(this.shop::outbox, EMPTY::equals);
	}

	@Test
	void couponsAreIssuedUpToTheirTotal() throws Exception {
		inParallel(150, (i) -> {
			this.shop.requestCoupon(1, i + 1);
			return true;
		});
		within(20).until(this.shop::outbox, EMPTY::equals);
		within(20).until(() -> Lag.of(this.kafka, "coupon-publish-requested") == 0);
		assertThat(this.shop.coupon(1)).isEqualTo(new ShopClient.Coupon(1, 100, 100));
	}

	private static long paid(List<Order> orders, long customer) {
		return orders.stream().filter((order) -> order.customerId() == customer).mapToLong(Order::amount).sum();
	}

	private static int sold(List<Order> orders, long product) {
		return orders.stream().filter((order) -> order.productId() == product).mapToInt(Order::quantity).sum();
	}

	private static <T> List<T> inParallel(int times, Call<T> call) throws Exception {
		ExecutorService clients = Executors.newFixedThreadPool(8);
		try {
			List<Callable<T>> calls = IntStream.range(0, times)
				.mapToObj((i) -> (Callable<T>) () -> call.number(i))
				.toList();
			List<T> results = new ArrayList<>();
			for (Future<T> result : clients.invokeAll(calls)) {
				results.add(result.get());
			}
			return results;
		}
		finally {
			clients.shutdownNow();
		}
	}

	private static ConditionFactory within(int seconds) {
		return await().atMost(Duration.ofSeconds(seconds));
	}

	@FunctionalInterface
	private interface Call<T> {

		T number(int i);

	}

}
