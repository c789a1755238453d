package dev.outbox.autoconfigure.jpa.main;

import org.springframework.data.jpa.repository.JpaRepository;

/**
 * A repository of the application.
 */
interface CustomerRepository extends JpaRepository<Customer, Long> {

}
