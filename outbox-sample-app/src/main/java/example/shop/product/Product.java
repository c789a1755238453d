package example.shop.product;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;

/**
 * Something to buy, as long as there is stock.
 */
@Entity
public class Product {

	@Id
	private long id;

	private String name = "";

	private long price;

	private int stock;

	protected Product() {
	}

	public Product(long id, String name, long price, int stock) {
		this.id = id;
		this.name = name;
		this.price = price;
		this.stock = stock;
	}

	/**
	 * Take a quantity from the stock if there is enough.
	 * @param quantity how many
	 * @return whether they were taken
	 */
	public boolean take(int quantity) {
		if (this.stock < quantity) {
			return false;
		}
		this.stock -= quantity;
		return true;
	}

	public long getId() {
		return this.id;
	}

	public String getName() {
		return this.name;
	}

	public long getPrice() {
		return this.price;
	}

	public int getStock() {
		return this.stock;
	}

}
