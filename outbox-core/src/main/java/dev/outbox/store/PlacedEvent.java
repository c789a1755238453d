package dev.outbox.store;

/**
 * An event that has been stored, with its place in the order of its key: the id of its
 * row, and what precedes it. The latter may be asked, by any thread, as soon as the event
 * is stored: what it has to follow was committed before its transaction took its locks.
 * Whoever knows it when the transaction has been committed need not look at the table.
 *
 * @since 0.1
 */
public final class PlacedEvent {

	private static final long UNKNOWN = Long.MAX_VALUE;

	private static final long ASKED = UNKNOWN - 1;

	private final OutboxRecord event;

	private final long id;

	private final long storedAt;

	private volatile long preceding = UNKNOWN;

	/**
	 * Create an event of which it is not known what precedes it.
	 * @param event the event
	 * @param id the id of its row; 0 if the database did not tell
	 * @param storedAt when the event was about to be stored, as by
	 * {@link System#nanoTime()}: what is known of its place grows old
	 */
	public PlacedEvent(OutboxRecord event, long id, long storedAt) {
		this.event = event;
		this.id = id;
		this.storedAt = storedAt;
	}

	/**
	 * The event.
	 * @return the event
	 */
	public OutboxRecord event() {
		return this.event;
	}

	/**
	 * The id of its row.
	 * @return the id; 0 if it is not known
	 */
	public long id() {
		return this.id;
	}

	/**
	 * When it was about to be stored.
	 * @return the time, as by {@link System#nanoTime()}
	 */
	public long storedAt() {
		return this.storedAt;
	}

	/**
	 * What precedes the event is being asked.
	 */
	public void ask() {
		this.preceding = ASKED;
	}

	/**
	 * Whether it is being asked what precedes the event.
	 * @return whether there will be an answer, or that there is none
	 */
	public boolean isAsked() {
		return this.preceding == ASKED;
	}

	/**
	 * No row of the same key between an id and the event's own was pending after the
	 * event had been stored.
	 * @param id the id
	 */
	public void follow(long id) {
		this.preceding = id;
	}

	/**
	 * There is no answer to what precedes the event.
	 */
	public void forget() {
		this.preceding = UNKNOWN;
	}

	/**
	 * Whether nothing is known to lie between an id and the event.
	 * @param id up to which the events of the key have been sent or are gone
	 * @return whether the event is next; not as long as nothing is known
	 */
	public boolean follows(long id) {
		return this.preceding <= id;
	}

}
