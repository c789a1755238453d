package dev.outbox.relay;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

import dev.outbox.dispatch.ResendPage;
import dev.outbox.store.PendingSize;
import dev.outbox.store.RelayStore;
import dev.outbox.store.StoredEvent;

/**
 * One pass over the stale events: those below the first event that was not stale when the
 * pass began, or the first of several that follow each other at once. Pages are small
 * enough to be held in memory, whatever the size of the events.
 * <p>
 * The begin of the pass matters for the order: an event whose commit took so long that
 * the pass went by before it could be seen has no later event of its key in this pass,
 * because such a one was stored after that commit.
 */
final class StalePages {

	private static final int LARGEST_PAGE = 1000;

	private static final int SMALLEST_LOOK = 8;

	private static final long BYTES_PER_PAGE = 4_000_000;

	private final RelayStore store;

	private final RelaySettings settings;

	private final ReadBack readBack;

	private final LongSupplier clock;

	private final long begin;

	private final ResendPage.Pass pass = new ResendPage.Pass();

	// MySQL and MariaDB read a whole payload to tell its size: behind large events only
	// few sizes are asked for.
	private int look = LARGEST_PAGE;

	private long after;

	private boolean last;

	StalePages(RelayStore store, RelaySettings settings, ReadBack readBack, LongSupplier clock, long begin) {
		this.store = store;
		this.settings = settings;
		this.readBack = readBack;
		this.clock = clock;
		this.begin = begin;
	}

	Optional<ResendPage> next() {
		return this.last ? Optional.empty() : Optional.of(new ResendPage(this.pass, read()));
	}

	void end() {
		this.pass.end();
	}

	List<ResendPage.Row> read() {
		List<PendingSize> sizes = this.store.sizes(this.after, this.look);
		List<PendingSize> fitting = fitting(sizes);
		List<StoredEvent> events = page(fitting);
		Duration sinceBegin = Duration.ofNanos(this.clock.getAsLong() - this.begin);
		List<StoredEvent> stale = events.stream()
			.takeWhile((event) -> this.settings.isStale(event.age(), sinceBegin))
			.toList();
		boolean all = fitting.size() == sizes.size() && sizes.size() < this.look
				&& (fitting.isEmpty() || this.after == last(fitting).id());
		this.last = all || stale.size() < events.size();
		this.look = Math.min(LARGEST_PAGE, Math.max(SMALLEST_LOOK, 2 * fitting.size()));
		return stale.stream().map((event) -> row(event, sinceBegin)).toList();
	}

	// Not what comes behind the events whose size is known, even if some of these are
	// cleared by now. If others have appeared between them, not all of them fit.
	private List<StoredEvent> page(List<PendingSize> fitting) {
		if (fitting.isEmpty()) {
			return List.of();
		}
		long upTo = last(fitting).id();
		List<StoredEvent> events = this.store.page(this.after, upTo, fitting.size());
		this.after = (events.size() < fitting.size()) ? upTo : last(events).id();
		return events;
	}

	// At least one, however large it is.
	private static List<PendingSize> fitting(List<PendingSize> sizes) {
		int count = 0;
		long bytes = 0;
		for (PendingSize size : sizes) {
			bytes += size.bytes();
			if (count > 0 && bytes > BYTES_PER_PAGE) {
				break;
			}
			count++;
		}
		return sizes.subList(0, count);
	}

	private static <T> T last(List<T> list) {
		return list.get(list.size() - 1);
	}

	// What was looked at when the pass began is older by now.
	private ResendPage.Row row(StoredEvent event, Duration sinceBegin) {
		String topic = event.event().topic();
		boolean lost = this.settings.isStale(event.age(), this.readBack.lag(topic).plus(sinceBegin));
		boolean due = lost || this.settings.isStale(event.age(), this.readBack.patience(topic).plus(sinceBegin));
		return new ResendPage.Row(event, due && mayBeTried(event), lost);
	}

	private boolean mayBeTried(StoredEvent event) {
		return !event.blocked() && (event.attempts() == 0
				|| event.sinceAttempt().compareTo(this.settings.backOff(event.attempts())) >= 0);
	}

}
