package example.shop.outbox;

import dev.outbox.OutboxMonitor;
import dev.outbox.OutboxStatus;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Shows how many events are under way.
 */
@RestController
@RequestMapping("/api/outbox")
class OutboxController {

	private final OutboxMonitor outbox;

	OutboxController(OutboxMonitor outbox) {
		this.outbox = outbox;
	}

	@GetMapping
	OutboxView show() {
		return OutboxView.of(this.outbox.status());
	}

	record OutboxView(long pending, long oldestPendingSeconds, long parked) {

		static OutboxView of(OutboxStatus status) {
			return new OutboxView(status.pending(), status.oldestPending().toSeconds(), status.parked());
		}

	}

}
