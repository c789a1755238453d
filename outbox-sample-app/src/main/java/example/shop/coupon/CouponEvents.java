package example.shop.coupon;

import dev.outbox.EventType;

/**
 * The events of coupons. Their key is the coupon's id.
 */
public enum CouponEvents implements EventType {

	/**
	 * Someone wants a coupon: {@link CouponPublishRequested}.
	 */
	COUPON_PUBLISH_REQUESTED("coupon.publish-requested");

	private final String topic;

	CouponEvents(String topic) {
		this.topic = topic;
	}

	@Override
	public String topic() {
		return this.topic;
	}

}
