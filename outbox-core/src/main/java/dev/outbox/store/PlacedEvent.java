package dev.outbox.store;

/**
 * An event that has been stored, with its place in the order of its key, if the database
 * told it along with the insert. To know it saves the dispatcher a look at the table.
 *
 * @param event the event
 * @param id the row's id; 0 if it is not known
 * @param preceding no row of the same key between this id and the event's own was pending
 * when the event was stored, after the transaction had taken its locks; {@link #UNKNOWN}
 * if that is not known
 * @param storedAt when the event was about to be stored, as by {@link System#nanoTime()}:
 * what is known of its place grows old; 0 if that is not known
 * @since 0.1
 */
public record PlacedEvent(OutboxRecord event, long id, long preceding, long storedAt) {

	/**
	 * Nothing is known of what precedes the event.
	 */
	public static final long UNKNOWN = Long.MAX_VALUE;

	/**
	 * An event whose place is not known.
	 * @param event the event
	 * @return the event
	 */
	public static PlacedEvent unplaced(OutboxRecord event) {
		return new PlacedEvent(event, 0, UNKNOWN, 0);
	}

	/**
	 * The event with a time, if it has none: that at which it was handed over.
	 * @param now the present time
	 * @return the event
	 */
	public PlacedEvent heldSince(long now) {
		return (this.storedAt != 0) ? this : new PlacedEvent(this.event, this.id, this.preceding, now);
	}

	/**
	 * The event with what precedes it in its own transaction.
	 * @param id the id of another event of the same key and transaction; 0 if there is
	 * none
	 * @return the event
	 */
	public PlacedEvent after(long id) {
		return (id <= this.preceding) ? this : new PlacedEvent(this.event, this.id, id, this.storedAt);
	}

}
