package example.shop.coupon;

/**
 * A customer wants a coupon.
 *
 * @param couponId the coupon
 * @param customerId who wants it
 */
public record CouponPublishRequested(long couponId, long customerId) {

}
