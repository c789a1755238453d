package example.shop.coupon;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class CouponTests {

	@Test
	void noMoreThanTheTotalAreIssued() {
		Coupon coupon = new Coupon(1, 2);
		assertThat(coupon.issue()).isTrue();
		assertThat(coupon.issue()).isTrue();
		assertThat(coupon.issue()).isFalse();
		assertThat(coupon.getIssued()).isEqualTo(2);
	}

}
