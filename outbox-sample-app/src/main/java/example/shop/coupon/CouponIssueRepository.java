package example.shop.coupon;

import org.springframework.data.jpa.repository.JpaRepository;

/**
 * Finds issued coupons.
 */
interface CouponIssueRepository extends JpaRepository<CouponIssue, Long> {

	boolean existsByRequestId(String requestId);

}
