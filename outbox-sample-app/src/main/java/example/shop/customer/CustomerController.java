package example.shop.customer;

import example.shop.web.NotFoundException;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Shows customers.
 */
@RestController
@RequestMapping("/api/customers")
class CustomerController {

	private final CustomerRepository customers;

	CustomerController(CustomerRepository customers) {
		this.customers = customers;
	}

	@GetMapping("/{id}")
	CustomerView show(@PathVariable long id) {
		return this.customers.findById(id)
			.map(CustomerView::of)
			.orElseThrow(() -> new NotFoundException("customer", id));
	}

	record CustomerView(long customerId, String name, long balance) {

		static CustomerView of(Customer customer) {
			return new CustomerView(customer.getId(), customer.getName(), customer.getBalance());
		}

	}

}
