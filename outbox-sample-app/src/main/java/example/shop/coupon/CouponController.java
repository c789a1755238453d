package example.shop.coupon;

import example.shop.web.NotFoundException;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;

import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/**
 * Takes requests for coupons and shows how many are gone.
 */
@RestController
@RequestMapping("/api/coupons")
class CouponController {

	private final CouponService service;

	private final CouponRepository coupons;

	CouponController(CouponService service, CouponRepository coupons) {
		this.service = service;
		this.coupons = coupons;
	}

	@PostMapping("/{id}/requests")
	@ResponseStatus(HttpStatus.ACCEPTED)
	void request(@PathVariable long id, @Valid @RequestBody CouponRequest request) {
		this.service.request(id, request.customerId());
	}

	@GetMapping("/{id}")
	CouponView show(@PathVariable long id) {
		return this.coupons.findById(id).map(CouponView::of).orElseThrow(() -> new NotFoundException("coupon", id));
	}

	record CouponRequest(@NotNull @Positive Long customerId) {

	}

	record CouponView(long couponId, int total, int issued) {

		static CouponView of(Coupon coupon) {
			return new CouponView(coupon.getId(), coupon.getTotal(), coupon.getIssued());
		}

	}

}
