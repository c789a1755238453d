package example.shop.customer;

import java.util.Optional;

import jakarta.persistence.LockModeType;

import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Lock;
import org.springframework.data.jpa.repository.Query;

/**
 * Finds customers.
 */
public interface CustomerRepository extends JpaRepository<Customer, Long> {

	/**
	 * Find a customer and keep everyone else from changing it until the transaction ends.
	 * @param id the customer
	 * @return the customer as last committed
	 */
	@Lock(LockModeType.PESSIMISTIC_WRITE)
	@Query("select c from Customer c where c.id = :id")
	Optional<Customer> lock(long id);

}
