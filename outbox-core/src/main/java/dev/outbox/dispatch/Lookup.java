package dev.outbox.dispatch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
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
 * and where there is much to ask, two begin some time apart, so that each is about more
 * keys. But for the asking itself it belongs to the dispatcher's thread.
 */
final class Lookup {

	/**
	 * How long apart questions begin where there is much to ask.
	 */
	static final Duration APART = Duration.ofMillis(10);

	private static final int KEYS = 256;

	// So few keys, in two questions, that it does not pay to wait for more.
	private static final int FEW = 16;

	private final Set<Lane> waiting = new LinkedHashSet<>();

	private final OutboxStore store;

	private final Executor asker;

	private final Executor dispatcher;

	private final LongSupplier clock;

	private boolean asking;

	private long askedAt;

	private int asked;

	// The dispatcher's executor works off what it is given on the dispatcher's thread.
	Lookup(OutboxStore store, Executor asker, Executor dispatcher, LongSupplier clock) {
		this.store = store;
		this.asker = asker;
		this.dispatcher = dispatcher;
		this.clock = clock;
		this.askedAt = clock.getAsLong() - APART.toNanos();
	}

	void add(Lane lane) {
		lane.asked = true;
		this.waiting.add(lane);
	}

	boolean isAsking() {
		return this.asking;
	}

	// Whether it will ask when it may.
	boolean isWaiting() {
		return !this.asking && !this.waiting.isEmpty();
	}

	// For how many nanoseconds there is nothing to ask, if nothing else comes.
	long untilDue(boolean hurry) {
		if (!isWaiting()) {
			return Long.MAX_VALUE;
		}
		return (hurry || this.asked + this.waiting.size() <= FEW) ? 0
				: Math.max(0, this.askedAt + APART.toNanos() - this.clock.getAsLong());
	}

	// Asks about keys that wait. The listener is told on the dispatcher's thread.
	void ask(Consumer<Answers> listener) {
		List<Question> questions = questions();
		if (questions.isEmpty()) {
			return;
		}
		this.asking = true;
		this.askedAt = this.clock.getAsLong();
		this.asked = questions.size();
		try {
			this.asker.execute(() -> pass(answers(questions), listener));
		}
		catch (RuntimeException | OutOfMemoryError ex) {
			// There is no thread to be had, for example.
			pass(new Answers(questions, List.of(), failure(ex)), listener);
		}
	}

	private void pass(Answers answers, Consumer<Answers> listener) {
		this.dispatcher.execute(() -> {
			this.asking = false;
			answers.lanes().forEach((lane) -> lane.asked = this.waiting.contains(lane));
			listener.accept(answers);
		});
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

	private Answers answers(List<Question> questions) {
		try {
			Map<OrderingKey, List<PendingEvent>> rows = byKey(
					this.store.pending(questions.stream().map(Question::query).toList()));
			List<UUID> missing = new ArrayList<>();
			for (Question question : questions) {
				missing.addAll(question.missingFrom(rows.getOrDefault(question.query().key(), List.of())));
			}
			Map<OrderingKey, List<PendingEvent>> late = missing.isEmpty() ? Map.of()
					: byKey(this.store.pending(missing));
			return new Answers(questions,
					questions.stream()
						.map((question) -> question.answer(rows.getOrDefault(question.query().key(), List.of()),
								late.getOrDefault(question.query().key(), List.of())))
						.toList(),
					null);
		}
		catch (Throwable ex) {
			// Without an answer no other question would be asked.
			return new Answers(questions, List.of(), failure(ex));
		}
	}

	private static Map<OrderingKey, List<PendingEvent>> byKey(List<PendingEvent> rows) {
		return rows.stream().collect(Collectors.groupingBy(PendingEvent::key));
	}

	private static RuntimeException failure(Throwable ex) {
		return (ex instanceof RuntimeException failure) ? failure : new IllegalStateException(ex);
	}

	/**
	 * A question about one key.
	 *
	 * @param lane the key
	 * @param query what is asked
	 * @param unsent the first of the key's own unsent events, of which those go that have
	 * been found
	 */
	private record Question(Lane lane, PendingQuery query, Set<UUID> unsent) {

		private static final int MOST = 500;

		private static final int MOST_LOOKING = 8;

		// One row more than own events are unsent: that many tell whether another's event
		// is among them. Behind another's event most of them are of no use yet.
		static Question about(Lane lane) {
			int limit = Math.min(lane.unsent.size(), lane.isLooking() ? MOST_LOOKING : MOST) + 1;
			return new Question(lane, new PendingQuery(lane.key, lane.sentTo, limit),
					lane.unsent.keySet().stream().limit(limit).collect(Collectors.toCollection(HashSet::new)));
		}

		// Own events that do not follow what was sent.
		Set<UUID> missingFrom(List<PendingEvent> rows) {
			rows.forEach((row) -> this.unsent.remove(row.eventId()));
			return (rows.size() < this.query.limit()) ? this.unsent : Set.of();
		}

		Answer answer(List<PendingEvent> rows, List<PendingEvent> late) {
			Set<UUID> gone = new HashSet<>(missingFrom(rows));
			late.forEach((row) -> gone.remove(row.eventId()));
			return new Answer(this.lane, this.query.after(), inOrder(rows), inOrder(late), gone);
		}

		private static List<PendingEvent> inOrder(List<PendingEvent> rows) {
			return rows.stream().sorted(Comparator.comparingLong(PendingEvent::id)).toList();
		}

	}

	/**
	 * What was found out about one key. Since then its events may have been sent, have
	 * failed, or been added.
	 *
	 * @param lane the key
	 * @param after the id up to which the key had been sent
	 * @param rows pending rows that follow that id, in order
	 * @param late pending rows of own unsent events that do not, in order
	 * @param gone own unsent events that are not pending
	 */
	record Answer(Lane lane, long after, List<PendingEvent> rows, List<PendingEvent> late, Set<UUID> gone) {

		// What was sent meanwhile does no harm. But rows are missing if a failure has
		// taken something back.
		boolean isVoid() {
			return this.lane.sentTo < this.after;
		}

	}

	/**
	 * The answers to a question about several keys.
	 *
	 * @param questions what was asked
	 * @param all the answers, none after a failure
	 * @param failure why there are none, if the table could not be asked
	 */
	record Answers(List<Question> questions, List<Answer> all, @Nullable RuntimeException failure) {

		List<Lane> lanes() {
			return this.questions.stream().map(Question::lane).toList();
		}

	}

}
