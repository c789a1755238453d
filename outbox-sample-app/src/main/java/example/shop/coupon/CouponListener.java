package example.shop.coupon;

import dev.outbox.Event;

import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.stereotype.Component;

/**
 * Works off the requests for coupons. A request is identified by its event, so that one
 * that arrives twice gets one coupon.
 */
@Component
class CouponListener {

	private final CouponService coupons;

	CouponListener(CouponService coupons) {
		this.coupons = coupons;
	}

	@KafkaListener(topics = "coupon.publish-requested", groupId = "coupon-publish-requested")
	void onRequested(Event<CouponPublishRequested> event) {
		CouponPublishRequested request = event.payload();
		this.coupons.issue(event.eventId(), request.couponId(), request.customerId());
	}

}
