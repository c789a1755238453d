package example.shop.payment;

import java.util.Optional;

import org.springframework.data.jpa.repository.JpaRepository;

/**
 * Finds payments.
 */
interface PaymentRepository extends JpaRepository<Payment, Long> {

	boolean existsByOrderId(long orderId);

	Optional<Payment> findByOrderId(long orderId);

}
