package example.shop.order;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class OrderTests {

	@Test
	void anOrderEndsOnce() {
		Order order = new Order(1, 1, 2, 300);
		assertThat(order.isOpen()).isTrue();
		order.end(OrderStatus.COMPLETED);
		assertThat(order.isOpen()).isFalse();
		assertThatIllegalStateException().isThrownBy(() -> order.end(OrderStatus.FAILED));
		assertThat(order.getStatus()).isEqualTo(OrderStatus.COMPLETED);
	}

}
