package example.shop.order;

import java.net.URI;

import example.shop.web.NotFoundException;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;

import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Takes orders and shows what became of them.
 */
@RestController
@RequestMapping("/api/orders")
class OrderController {

	private final OrderService service;

	private final OrderRepository orders;

	OrderController(OrderService service, OrderRepository orders) {
		this.service = service;
		this.orders = orders;
	}

	@PostMapping
	ResponseEntity<PlacedOrder> place(@Valid @RequestBody PlaceOrder request) {
		Order order = this.service.place(request.customerId(), request.productId(), request.quantity());
		return ResponseEntity.created(URI.create("/api/orders/" + order.getId()))
			.body(new PlacedOrder(order.getId(), order.getStatus()));
	}

	@GetMapping("/{id}")
	OrderView show(@PathVariable long id) {
		return this.orders.findById(id).map(OrderView::of).orElseThrow(() -> new NotFoundException("order", id));
	}

	record PlaceOrder(@NotNull @Positive Long customerId, @NotNull @Positive Long productId,
			@NotNull @Positive @Max(1000) Integer quantity) {

	}

	record PlacedOrder(long orderId, OrderStatus status) {

	}

	record OrderView(long orderId, OrderStatus status, long customerId, long productId, int quantity, long amount) {

		static OrderView of(Order order) {
			return new OrderView(order.getId(), order.getStatus(), order.getCustomerId(), order.getProductId(),
					order.getQuantity(), order.getAmount());
		}

	}

}
