package example.shop.coupon;

import java.util.UUID;

import dev.outbox.OutboxEventPublisher;
import example.shop.web.NotFoundException;

import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * Queues requests for coupons, and issues coupons one by one.
 */
@Service
class CouponService {

	private final CouponRepository coupons;

	private final CouponIssueRepository issues;

	private final OutboxEventPublisher publisher;

	CouponService(CouponRepository coupons, CouponIssueRepository issues, OutboxEventPublisher publisher) {
		this.coupons = coupons;
		this.issues = issues;
		this.publisher = publisher;
	}

	/**
	 * Queue a request. There is nothing to store beside it, hence no transaction.
	 * @param couponId the coupon
	 * @param customerId who wants it
	 */
	void request(long couponId, long customerId) {
		if (!this.coupons.existsById(couponId)) {
			throw new NotFoundException("coupon", couponId);
		}
		this.publisher.publishManualEvent(CouponEvents.COUPON_PUBLISH_REQUESTED, couponId,
				new CouponPublishRequested(couponId, customerId));
	}

	/**
	 * Issue a coupon if any is left and the request has not got one before.
	 * @param requestId the request
	 * @param couponId the coupon
	 * @param customerId who gets it
	 */
	@Transactional
	void issue(UUID requestId, long couponId, long customerId) {
		Coupon coupon = this.coupons.lock(couponId).orElseThrow();
		if (!this.issues.existsByRequestId(requestId.toString()) && coupon.issue()) {
			this.issues.save(new CouponIssue(requestId, couponId, customerId));
		}
	}

}
