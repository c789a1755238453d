package dev.outbox.dispatch;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import dev.outbox.store.Attempt;
import dev.outbox.store.OrderingKey;
import dev.outbox.store.StoredEvent;

/**
 * Stale events to be sent again, one page of a pass over the table. Pages of a pass
 * follow each other in the order of ids, from the lowest, so that whatever precedes an
 * event of a key has been sent by the same pass, or is stepped over, or blocks the key.
 *
 * @since 0.1
 */
public final class ResendPage {

	private final Pass pass;

	private final List<Row> rows;

	private final List<Attempt> attempts = new ArrayList<>();

	private final CompletableFuture<Outcome> done = new CompletableFuture<>();

	private volatile boolean cancelled;

	private int next;

	private int inFlight;

	private int outcomes;

	private boolean unfinished;

	/**
	 * Create a page.
	 * @param pass the pass it belongs to
	 * @param rows the events in ascending order
	 */
	public ResendPage(Pass pass, List<Row> rows) {
		this.pass = pass;
		this.rows = rows;
	}

	/**
	 * What has become of the events that were sent.
	 * @return completed when each event of the page has an outcome, or is passed over, or
	 * nothing has moved for a while; exceptionally if the pass is void and a new one must
	 * start from the lowest id
	 */
	public CompletableFuture<Outcome> done() {
		return this.done;
	}

	/**
	 * Send no further events of this page.
	 */
	public void cancel() {
		this.cancelled = true;
	}

	/**
	 * Whether no further events of this page are to be sent.
	 * @return whether it was cancelled
	 */
	public boolean isCancelled() {
		return this.cancelled;
	}

	boolean hasNext() {
		return this.next < this.rows.size();
	}

	Row next() {
		return this.rows.get(this.next);
	}

	void advance() {
		this.next++;
	}

	Pass pass() {
		return this.pass;
	}

	void sent() {
		this.inFlight++;
	}

	void completed(Attempt attempt) {
		this.inFlight--;
		this.outcomes++;
		this.attempts.add(attempt);
	}

	// The event is out of the way. Those behind it can be sent, and so can its dead
	// letter, but not by this pass.
	void removed() {
		this.inFlight--;
		this.outcomes++;
		this.unfinished = true;
	}

	// An event that was under way when the channel was closed has no outcome.
	void takenBack() {
		this.inFlight--;
		this.unfinished = true;
	}

	boolean completeIfDone() {
		return this.inFlight == 0 && !hasNext() && complete();
	}

	boolean complete() {
		return this.done.complete(new Outcome(List.copyOf(this.attempts), this.outcomes, this.unfinished));
	}

	void voided(String reason) {
		this.done.completeExceptionally(new VoidPassException(reason));
	}

	/**
	 * What has become of a page.
	 *
	 * @param attempts the events that were sent, to be remembered
	 * @param outcomes how many events were sent and have an outcome, those that Kafka has
	 * refused and that are out of the way included
	 * @param unfinished whether keys were left out although they need not wait: one event
	 * was refused, or was taken back when the channel was closed because of another one.
	 * A further pass sends what is left of them
	 * @since 0.1
	 */
	public record Outcome(List<Attempt> attempts, int outcomes, boolean unfinished) {

	}

	/**
	 * A pass over the table.
	 *
	 * @since 0.1
	 */
	public static final class Pass {

		private final Set<OrderingKey> blocked = new HashSet<>();

		private volatile boolean over;

		private boolean impatient;

		/**
		 * Nothing more is to come.
		 */
		public void end() {
			this.over = true;
		}

		boolean isOver() {
			return this.over;
		}

		boolean isBlocked(OrderingKey key) {
			return this.blocked.contains(key);
		}

		void block(OrderingKey key) {
			this.blocked.add(key);
		}

		// Whether keys that would have to wait for an acknowledgement are passed over.
		boolean isImpatient() {
			return this.impatient;
		}

		void impatient() {
			this.impatient = true;
		}

	}

	/**
	 * A stale event.
	 *
	 * @param event the event
	 * @param due whether it may be sent now; if not, and it has not been sent through the
	 * present channel, its key is blocked for the rest of the pass
	 * @param lost whether it would have been confirmed if it had arrived; if that is not
	 * known, and this instance has sent it, it is not sent again
	 * @since 0.1
	 */
	public record Row(StoredEvent event, boolean due, boolean lost) {

	}

	/**
	 * The pass is void: the broker cannot be reached or does not answer, the page was
	 * cancelled, or the outbox stops.
	 *
	 * @since 0.1
	 */
	public static final class VoidPassException extends RuntimeException {

		private static final long serialVersionUID = 1L;

		VoidPassException(String message) {
			super(message);
		}

	}

}
