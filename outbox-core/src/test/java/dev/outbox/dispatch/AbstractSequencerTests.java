package dev.outbox.dispatch;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

import dev.outbox.store.OutboxRecord;
import dev.outbox.store.PlacedEvent;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.Parameter;

/**
 * A sequencer in the middle of fakes, with events whose places are known at their commit,
 * or not.
 */
abstract class AbstractSequencerTests {

	@Parameter
	boolean places;

	final FakeTable table = new FakeTable();

	final FakeBroker broker = new FakeBroker();

	final Instance instance = new Instance(this.table, this.broker);

	@BeforeEach
	void tellPlaces() {
		this.table.places = this.places;
	}

	// Has the topic written to, and what was written forgotten.
	void flow() {
		for (String key : List.of("a", "b", "c")) {
			this.instance.offer(commit(key));
			this.instance.settle();
			this.broker.acknowledgeAll();
			this.instance.settle();
		}
		this.table.clear(this.broker.log);
	}

	int partition(PlacedEvent placed) {
		return this.broker.channel().partition(placed.event().orderingKey());
	}

	CompletableFuture<ResendPage.Outcome> resend() {
		ResendPage page = new ResendPage(new ResendPage.Pass(), this.table.page(0, 100));
		this.instance.resend(page);
		return page.done();
	}

	List<UUID> sent() {
		List<UUID> sent = new ArrayList<>();
		if (this.broker.last != null) {
			this.broker.last.requests.forEach((request) -> sent.add(request.event.eventId()));
		}
		return sent;
	}

	PlacedEvent commit(String key) {
		return commit("topic", key);
	}

	PlacedEvent commit(String topic, String key) {
		OutboxRecord event = new OutboxRecord(UUID.randomUUID(), "T", topic, key, "{}", Map.of());
		return this.table.insert(List.of(event)).get(0);
	}

	static UUID id(PlacedEvent placed) {
		return placed.event().eventId();
	}

	static UUID[] ids(PlacedEvent... events) {
		return List.of(events).stream().map(AbstractSequencerTests::id).toArray(UUID[]::new);
	}

}
