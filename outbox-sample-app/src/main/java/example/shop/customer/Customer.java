package example.shop.customer;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;

/**
 * Someone who buys, and pays from a balance.
 */
@Entity
public class Customer {

	@Id
	private long id;

	private String name = "";

	private String email = "";

	private long balance;

	protected Customer() {
	}

	public Customer(long id, String name, String email, long balance) {
		this.id = id;
		this.name = name;
		this.email = email;
		this.balance = balance;
	}

	/**
	 * Take an amount from the balance if it suffices.
	 * @param amount the amount in cents
	 * @return whether the customer has paid
	 */
	public boolean charge(long amount) {
		if (this.balance < amount) {
			return false;
		}
		this.balance -= amount;
		return true;
	}

	public void refund(long amount) {
		this.balance += amount;
	}

	public long getId() {
		return this.id;
	}

	public String getName() {
		return this.name;
	}

	public String getEmail() {
		return this.email;
	}

	public long getBalance() {
		return this.balance;
	}

}
