package dev.outbox.dispatch;

import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import dev.outbox.store.OrderingKey;
import dev.outbox.store.PlacedEvent;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one topic and key.
 */
final class Lane {

	private static final Duration SHORTEST_LOOK = Duration.ofMillis(2);

	private static final Duration LONGEST_LOOK = Duration.ofSeconds(1);

	final OrderingKey key;

	/**
	 * Own committed events that have not been sent.
	 */
	final Map<UUID, PlacedEvent> unsent = new LinkedHashMap<>(2);

	/**
	 * Every row of this key up to this id was sent through the present channel, or is
	 * gone from the table.
	 */
	volatile long sentTo;

	/**
	 * When it was used last, counted by the uses of all.
	 */
	long usedAt;

	// When an event of this key was sent last, and up to which id the key had been sent
	// at two earlier times, at least the staleness apart.
	private long sentAt;

	private long markedTo;

	private long markedAt;

	private long earlierTo;

	/**
	 * Whether the table is asked, or about to be asked, about this key.
	 */
	boolean asked;

	/**
	 * Whether the first of the unsent events waits for the answer to what precedes it.
	 */
	boolean awaitsPlace;

	/**
	 * How many events are sent and not acknowledged, all of them to one partition.
	 */
	int inFlight;

	int partition;

	/**
	 * Until when not to look again at a row of another instance that stands in the way;
	 * created when there is one.
	 */
	private @Nullable Pause look;

	Lane(OrderingKey key) {
		this.key = key;
	}

	// The first own events in the order of their ids; those whose ids are not known come
	// before all others. They are handed over in nearly that order.
	List<PlacedEvent> first(int most) {
		return this.unsent.values().stream().limit(most).sorted(Comparator.comparingLong(PlacedEvent::id)).toList();
	}

	// Whether all that precedes an event has been sent through the present channel, or is
	// gone from the table, as far as that is known without a look at it.
	boolean isNext(PlacedEvent own) {
		return own.follows(this.sentTo);
	}

	void sent(long id, long now, long staleAfter) {
		if (now - this.markedAt >= staleAfter) {
			this.earlierTo = this.markedTo;
			this.markedTo = this.sentTo;
			this.markedAt = now;
		}
		this.sentTo = Math.max(this.sentTo, id);
		this.sentAt = now;
		// What stood in the way is gone.
		this.look = null;
	}

	// Whether an id may have been sent so lately that it need not be sent again. One that
	// was never sent, because it was committed after a higher one, is lately sent for a
	// while only, even if the key is used all the time.
	boolean isSentLately(long id, long now, long staleAfter) {
		long before = (now - this.markedAt >= staleAfter) ? this.markedTo : this.earlierTo;
		return id <= this.sentTo && id > before && now - this.sentAt < staleAfter;
	}

	boolean isIdle() {
		return this.unsent.isEmpty() && this.inFlight == 0;
	}

	void lookLater(long now, long most) {
		if (this.look == null) {
			this.look = new Pause(SHORTEST_LOOK, LONGEST_LOOK);
		}
		this.look.begin(now, most);
	}

	boolean isLooking() {
		return this.look != null;
	}

	// What stood in the way may have been an own event that is handed over only now.
	void lookNow() {
		if (this.look != null) {
			this.look.end();
		}
	}

	long untilLook(long now) {
		return (this.look != null) ? this.look.remaining(now) : 0;
	}

}
