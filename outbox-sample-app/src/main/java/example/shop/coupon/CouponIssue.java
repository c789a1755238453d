package example.shop.coupon;

import java.util.UUID;

import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;

/**
 * A coupon that a request has got. A request gets one at most.
 */
@Entity
class CouponIssue {

	@Id
	@GeneratedValue(strategy = GenerationType.IDENTITY)
	private long id;

	private String requestId = "";

	private long couponId;

	private long customerId;

	protected CouponIssue() {
	}

	CouponIssue(UUID requestId, long couponId, long customerId) {
		this.requestId = requestId.toString();
		this.couponId = couponId;
		this.customerId = customerId;
	}

	long getId() {
		return this.id;
	}

	String getRequestId() {
		return this.requestId;
	}

	long getCouponId() {
		return this.couponId;
	}

	long getCustomerId() {
		return this.customerId;
	}

}
