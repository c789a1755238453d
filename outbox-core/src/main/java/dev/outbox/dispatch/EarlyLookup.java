package dev.outbox.dispatch;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

import dev.outbox.store.OrderingKey;
import dev.outbox.store.OutboxStore;
import dev.outbox.store.PendingEvent;
import dev.outbox.store.PendingQuery;
import dev.outbox.store.PlacedEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks what precedes events while their transactions are being committed, on another
 * thread and connection. Whatever an event has to follow was committed before its
 * transaction took its locks: any look at the table after its insert sees it, unless it
 * is gone. Whether the transaction itself is committed by then makes no difference, and
 * if it is rolled back nobody wants to know the answer.
 */
final class EarlyLookup {

	private static final Logger logger = LoggerFactory.getLogger(EarlyLookup.class);

	// So few of others may lie between what was sent and an event of one's own.
	private static final int MOST_PRECEDING = 8;

	private final Queue<List<PlacedEvent>> waiting = new ConcurrentLinkedQueue<>();

	private final AtomicInteger asked = new AtomicInteger();

	private final OutboxStore store;

	private final Executor asker;

	// The executor works off one task at a time.
	EarlyLookup(OutboxStore store, Executor asker) {
		this.store = store;
		this.asker = asker;
	}

	// Of how many events it is being asked what precedes them.
	int asked() {
		return this.asked.get();
	}

	// On any thread, but with the same functions each time. The listener is told on the
	// thread that asks, or on this one if there is none.
	void ask(List<PlacedEvent> events, ToLongFunction<OrderingKey> sentTo, Consumer<List<PlacedEvent>> listener) {
		if (events.stream().anyMatch((event) -> event.id() == 0)) {
			return;
		}
		this.asked.addAndGet(events.size());
		events.forEach(PlacedEvent::ask);
		// As a whole: another connection does not see the first event of a key, and it
		// would not be known that the second follows it.
		this.waiting.add(events);
		try {
			this.asker.execute(() -> answer(sentTo, listener));
		}
		catch (RuntimeException | OutOfMemoryError ex) {
			// There is no thread to be had, for example.
			logger.debug("It cannot be asked early what precedes events", ex);
			end(waiting(), listener);
		}
	}

	// Who comes first asks for all that wait.
	private void answer(ToLongFunction<OrderingKey> sentTo, Consumer<List<PlacedEvent>> listener) {
		List<PlacedEvent> events = waiting();
		try {
			if (!events.isEmpty()) {
				place(events, sentTo);
			}
		}
		catch (Throwable ex) {
			// Events without an answer would wait for ever.
			logger.debug("It is not known yet what precedes events", ex);
		}
		finally {
			end(events, listener);
		}
	}

	private List<PlacedEvent> waiting() {
		List<PlacedEvent> events = new ArrayList<>();
		for (List<PlacedEvent> next = this.waiting.poll(); next != null; next = this.waiting.poll()) {
			events.addAll(next);
		}
		return events;
	}

	private void end(List<PlacedEvent> events, Consumer<List<PlacedEvent>> listener) {
		if (!events.isEmpty()) {
			events.stream().filter(PlacedEvent::isAsked).forEach(PlacedEvent::forget);
			try {
				listener.accept(events);
			}
			finally {
				this.asked.addAndGet(-events.size());
			}
		}
	}

	private void place(List<PlacedEvent> events, ToLongFunction<OrderingKey> sentTo) {
		Map<OrderingKey, List<PlacedEvent>> byKey = events.stream()
			.sorted(Comparator.comparingLong(PlacedEvent::id))
			.collect(Collectors.groupingBy((event) -> event.event().orderingKey()));
		List<PendingQuery> queries = new ArrayList<>(byKey.size());
		byKey.forEach(
				(key, own) -> queries.add(new PendingQuery(key, sentTo.applyAsLong(key), MOST_PRECEDING + own.size())));
		Map<OrderingKey, List<PendingEvent>> rows = this.store.pending(queries)
			.stream()
			.sorted(Comparator.comparingLong(PendingEvent::id))
			.collect(Collectors.groupingBy(PendingEvent::key));
		for (PendingQuery query : queries) {
			place(byKey.getOrDefault(query.key(), List.of()), query, rows.getOrDefault(query.key(), List.of()));
		}
	}

	// Events of one transaction do not see each other, but follow each other.
	private static void place(List<PlacedEvent> events, PendingQuery query, List<PendingEvent> rows) {
		long preceding = query.after();
		int next = 0;
		for (PlacedEvent event : events) {
			while (next < rows.size() && rows.get(next).id() < event.id()) {
				preceding = Math.max(preceding, rows.get(next++).id());
			}
			if (next < query.limit()) {
				event.follow(preceding);
			}
			preceding = Math.max(preceding, event.id());
		}
	}

}
