package example.shop.product;

import example.shop.web.NotFoundException;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Shows products.
 */
@RestController
@RequestMapping("/api/products")
class ProductController {

	private final ProductRepository products;

	ProductController(ProductRepository products) {
		this.products = products;
	}

	@GetMapping("/{id}")
	ProductView show(@PathVariable long id) {
		return this.products.findById(id).map(ProductView::of).orElseThrow(() -> new NotFoundException("product", id));
	}

	record ProductView(long productId, String name, long price, int stock) {

		static ProductView of(Product product) {
			return new ProductView(product.getId(), product.getName(), product.getPrice(), product.getStock());
		}

	}

}
