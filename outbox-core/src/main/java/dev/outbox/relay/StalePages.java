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

	private static final int LARGEST_PAGE = 500;

	private static final long BYTES_PER_PAGE = 4_000_000;

	private final RelayStore store;

	private final RelaySettings settings;

	private final ReadBack readBack;

	private final LongSupplier clock;

	private final long begin;

	private final ResendPage.Pass pass = new ResendPage.Pass();

	private long after;

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
		List<Long> sizes = this.store.sizes(this.after, LARGEST_PAGE);
		int limit = fitting(sizes);
		List<StoredEvent> events = (limit > 0) ? this.store.page(this.after, limit) : List.of();
		Duration sinceBegin = Duration.ofNanos(this.clock.getAsLong() - this.begin);
		List<StoredEvent> stale = events.stream()
			.takeWhile((event) -> this.settings.isStale(event.age(), sinceBegin))
			.toList();
		boolean all = limit == sizes.size() && limit < LARGEST_PAGE;
		this.last = all || stale.size() < events.size();
		if (!stale.isEmpty()) {
			this.after = stale.get(stale.size() - 1).id();
		}
		return stale.stream().map((event) -> new ResendPage.Row(event, isDue(event))).toList();
	}

	// At least one, however large it is.
	private static int fitting(List<Long> sizes) {
		int count = 0;
		long bytes = 0;
		for (long size : sizes) {
			bytes += size;
			if (count > 0 && bytes > BYTES_PER_PAGE) {
				break;
			}
			count++;
		}
		return count;
	}

	private boolean isDue(StoredEvent event) {
		return !event.blocked() && this.settings.isStale(event.age(), this.readBack.lag(event.event().topic()))
				&& (event.attempts() == 0
						|| event.sinceAttempt().compareTo(this.settings.backOff(event.attempts())) >= 0);
	}

}
