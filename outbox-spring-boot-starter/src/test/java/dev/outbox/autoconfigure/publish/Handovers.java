package dev.outbox.autoconfigure.publish;

import java.util.ArrayList;
import java.util.List;

import dev.outbox.store.Handover;
import dev.outbox.store.OutboxRecord;
import dev.outbox.store.PlacedEvent;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Stands in for the dispatcher: what is handed over to it would be sent.
 */
final class Handovers implements Handover {

	private final List<List<OutboxRecord>> handovers = new ArrayList<>();

	private final List<List<String>> announced = new ArrayList<>();

	private boolean failing;

	@Override
	public void expect(List<PlacedEvent> events) {
		if (this.failing) {
			throw new IllegalStateException("The dispatcher fails");
		}
		assertThat(events).allMatch((event) -> event.id() > 0);
		this.announced.add(events.stream().map((event) -> event.event().partitionKey()).toList());
	}

	@Override
	public void offer(List<PlacedEvent> events) {
		if (this.failing) {
			throw new IllegalStateException("The dispatcher fails");
		}
		this.handovers.add(events.stream().map(PlacedEvent::event).toList());
	}

	void fail() {
		this.failing = true;
	}

	void clear() {
		this.failing = false;
		this.handovers.clear();
		this.announced.clear();
	}

	List<List<OutboxRecord>> all() {
		return List.copyOf(this.handovers);
	}

	// Those that were stored when it was told that they will be committed.
	List<List<String>> announced() {
		return List.copyOf(this.announced);
	}

	List<String> keys() {
		return this.handovers.stream().flatMap(List::stream).map(OutboxRecord::partitionKey).toList();
	}

}
