package example.shop.coupon;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;

/**
 * A coupon of which there are only so many.
 */
@Entity
class Coupon {

	@Id
	private long id;

	private int total;

	private int issued;

	protected Coupon() {
	}

	Coupon(long id, int total) {
		this.id = id;
		this.total = total;
	}

	/**
	 * Issue one if any is left.
	 * @return whether one was issued
	 */
	boolean issue() {
		if (this.issued >= this.total) {
			return false;
		}
		this.issued++;
		return true;
	}

	long getId() {
		return this.id;
	}

	int getTotal() {
		return this.total;
	}

	int getIssued() {
		return this.issued;
	}

}
