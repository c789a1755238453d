package dev.outbox.relay;

import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

import dev.outbox.dispatch.ResendPage;
import dev.outbox.store.RelayStore;
import dev.outbox.store.StoredEvent;

/**
 * One pass over the stale events: those below the first event that was not stale when the
 * pass began. Pages are small enough to be held in memory, whatever the size of the
 * events.
 * <p>
 * The begin of the pass matters for the order: an event whose commit took so long that
 * the pass went by before it could be seen has no later event of its key in this pass,
 * because such a one was stored after that commit.
 */
final class StalePages {

	private static final int FIRST_PAGE = 50;

	private static final int LARGEST_PAGE = 500;

	private static final long BYTES_PER_PAGE = 4_000_000;

	private final RelayStore store;

	private final RelaySettings settings;

	private final ReadBack readBack;

	private final LongSupplier clock;

	private final long begin;

	private final ResendPage.Pass pass = new ResendPage.Pass();

	private long after;

	private int limit = FIRST_PAGE;

	private boolean last;

	StalePages(RelayStore store, RelaySettings settings, ReadBack readBack, LongSupplier clock) {
		this.store = store;
		this.settings = settings;
		this.readBack = readBack;
		this.clock = clock;
		this.begin = clock.getAsLong();
	}

	boolean hasNext() {
		return !this.last;
	}

	ResendPage next() {
		return new ResendPage(this.pass, read());
	}

	List<ResendPage.Row> read() {
		List<StoredEvent> events = this.store.page(this.after, this.limit);
		Duration sinceBegin = Duration.ofNanos(this.clock.getAsLong() - this.begin);
		List<StoredEvent> stale = events.stream()
			.takeWhile((event) -> this.settings.isStale(event.age(), sinceBegin))
			.toList();
		this.last = events.size() < this.limit || stale.size() < events.size();
		if (!stale.isEmpty()) {
			this.after = stale.get(stale.size() - 1).id();
			long bytes = stale.stream().mapToLong((event) -> event.event().size()).sum();
			this.limit = (int) Math.max(1, Math.min(LARGEST_PAGE, BYTES_PER_PAGE * stale.size() / bytes));
		}
		return stale.stream().map((event) -> new ResendPage.Row(event, isDue(event))).toList();
	}

	private boolean isDue(StoredEvent event) {
		return this.settings.isStale(event.age(), this.readBack.lag(event.event().topic())) && (event.attempts() == 0
				|| event.sinceAttempt().compareTo(this.settings.backOff(event.attempts())) >= 0);
	}

}
