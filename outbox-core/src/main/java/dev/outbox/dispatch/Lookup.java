package dev.outbox.dispatch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

import dev.outbox.store.OrderingKey;
import dev.outbox.store.OutboxStore;
import dev.outbox.store.PendingEvent;
import dev.outbox.store.PendingQuery;
import org.jspecify.annotations.Nullable;

/**
 * Asks the table for the pending rows of keys, in one question for many keys, on another
 * thread: the dispatcher goes on with what it knows. One question is under way at a time,
 * and where many events wait, two begin some time apart, so that each is about more keys.
 * But for the asking itself it belongs to the dispatcher's thread.
 */
final class Lookup {

	/**
	 * How long apart questions begin, usually.
	 */
	static final Duration APART = Duration.ofMillis(10);

	private static final int KEYS = 256;

	private final Set<Lane> waiting = new LinkedHashSet<>();

	private final OutboxStore store;

	private final Executor thread;

	private final EventLoop loop;

	private final LongSupplier clock;

	private final long apart;

	private boolean asking;

	private long askedAt;

	Lookup(OutboxStore store, Executor thread, EventLoop loop, LongSupplier clock, Duration apart) {
		this.store = store;
		this.thread = thread;
		this.loop = loop;
		this.clock = clock;
		this.apart = apart.toNanos();
		this.askedAt = clock.getAsLong() - this.apart;
	}

	void add(Lane lane) {
		lane.asked = true;
		this.waiting.add(lane);
	}

	boolean isAsking() {
		return this.asking;
	}

	// For how many nanoseconds there is nothing to ask, if nothing else comes.
	long untilDue(boolean hurry) {
		if (this.asking || this.waiting.isEmpty()) {
			return Long.MAX_VALUE;
		}
		return hurry ? 0 : Math.max(0, this.askedAt + this.apart - this.clock.getAsLong());
	}

	// Asks about keys that wait; the answer comes as a message of the loop.
	void ask(Consumer<Answer> listener) {
		List<Question> questions = questions();
		if (questions.isEmpty()) {
			return;
		}
		this.asking = true;
		this.askedAt = this.clock.getAsLong();
		try {
			this.thread.execute(() -> {
				Answer answer = answer(questions);
				this.loop.execute(() -> {
					this.asking = false;
					questions.forEach((question) -> question.lane().asked = false);
					listener.accept(answer);
				});
			});
		}
		catch (RuntimeException | Error ex) {
			this.asking = false;
			questions.forEach((question) -> this.waiting.add(question.lane()));
			throw ex;
		}
	}

	private List<Question> questions() {
		List<Question> questions = new ArrayList<>();
		Iterator<Lane> lanes = this.waiting.iterator();
		while (lanes.hasNext() && questions.size() < KEYS) {
			Lane lane = lanes.next();
			lanes.remove();
			lane.asked = !lane.unsent.isEmpty();
			if (lane.asked) {
				questions.add(Question.about(lane));
			}
		}
		return questions;
	}

	private Answer answer(List<Question> questions) {
		try {
			return new Answer(questions,
					this.store.pending(questions.stream().map(Question::query).toList())
						.stream()
						.collect(Collectors.groupingBy(PendingEvent::key)),
					null);
		}
		catch (RuntimeException ex) {
			return new Answer(questions, Map.of(), ex);
		}
		catch (Throwable ex) {
			// Without an answer no other question would be asked.
			return new Answer(questions, Map.of(), new IllegalStateException(ex));
		}
	}

	/**
	 * A question about one key. Meanwhile events of the key may be sent, fail, or be
	 * added.
	 *
	 * @param lane the key
	 * @param query what is asked
	 * @param arrivals how many events had been added to the key
	 */
	record Question(Lane lane, PendingQuery query, long arrivals) {

		private static final int MOST = 500;

		private static final int MOST_LOOKING = 8;

		// One row more than own events are unsent: that many tell whether another's event
		// is among them. Behind another's event most of them are of no use yet.
		static Question about(Lane lane) {
			int limit = Math.min(lane.unsent.size(), lane.isLooking() ? MOST_LOOKING : MOST) + 1;
			return new Question(lane, new PendingQuery(lane.key, lane.sentTo, limit), lane.arrivals);
		}

		// What is sent meanwhile does no harm. But if a failure has taken something back,
		// rows are missing in the answer.
		boolean isVoid() {
			return this.lane.sentTo < this.query.after();
		}

		// Whether rows are all that can be found of the key's own events.
		boolean isCompletedBy(Collection<PendingEvent> rows) {
			return rows.size() < this.query.limit() && this.lane.arrivals == this.arrivals;
		}

	}

	/**
	 * An answer.
	 *
	 * @param questions what was asked
	 * @param rows the pending rows of each key that has any
	 * @param failure why there are none, if the table could not be asked
	 */
	record Answer(List<Question> questions, Map<OrderingKey, List<PendingEvent>> rows,
			@Nullable RuntimeException failure) {

		// Fails if the table could not be asked.
		List<PendingEvent> rows(Question question) {
			if (this.failure != null) {
				throw this.failure;
			}
			return this.rows.getOrDefault(question.query().key(), List.of());
		}

		List<Lane> lanes() {
			return this.questions.stream().map(Question::lane).toList();
		}

	}

}
