package example.shop.product;

import java.util.Optional;

import jakarta.persistence.LockModeType;

import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Lock;
import org.springframework.data.jpa.repository.Query;

/**
 * Finds products.
 */
public interface ProductRepository extends JpaRepository<Product, Long> {

	/**
	 * Find a product and keep everyone else from changing it until the transaction ends.
	 * @param id the product
	 * @return the product as last committed
	 */
	@Lock(LockModeType.PESSIMISTIC_WRITE)
	@Query("select p from Product p where p.id = :id")
	Optional<Product> lock(long id);

}
