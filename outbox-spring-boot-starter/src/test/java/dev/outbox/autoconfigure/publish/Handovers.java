package dev.outbox.autoconfigure.publish;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import dev.outbox.store.OutboxRecord;

/**
 * Stands in for the dispatcher: what is handed over to it would be sent.
 */
final class Handovers implements Consumer<List<OutboxRecord>> {

	private final List<List<OutboxRecord>> handovers = new ArrayList<>();

	private boolean failing;

	@Override
	public void accept(List<OutboxRecord> events) {
		if (this.failing) {
			throw new IllegalStateException("The dispatcher fails");
		}
		this.handovers.add(List.copyOf(events));
	}

	void fail() {
		this.failing = true;
	}

	void clear() {
		this.failing = false;
		this.handovers.clear();
	}

	List<List<OutboxRecord>> all() {
		return List.copyOf(this.handovers);
	}

	List<String> keys() {
		return this.handovers.stream().flatMap(List::stream).map(OutboxRecord::partitionKey).toList();
	}

}
