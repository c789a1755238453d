package dev.outbox.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongPredicate;

import dev.outbox.BlockedRow;
import dev.outbox.OutboxException;
import dev.outbox.OutboxOperations;
import dev.outbox.Outcome;
import dev.outbox.ParkedRow;
import dev.outbox.PendingRow;
import dev.outbox.RowFilter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.util.StringUtils;

/**
 * An operator's view of the tables, and the actions upon them.
 *
 * @since 0.1
 */
public final class JdbcOutboxOperations implements OutboxOperations {

	private static final Logger logger = LoggerFactory.getLogger(JdbcOutboxOperations.class);

	private static final int IDS_PER_TRANSACTION = 500;

	private static final String EVENT = "event_id, event_type, topic, partition_key";

	private final OutboxJdbc jdbc;

	private final RowLists lists;

	private final SqlByCount lockParked;

	private final SqlByCount putBack;

	private final SqlByCount deleteAllParked;

	private final SqlByCount find;

	private final String deletePending;

	private final String deleteParked;

	private final String unblock;

	private final String pause;

	private final String resume;

	private final String paused;

	/**
	 * Create the operations.
	 * @param jdbc the database
	 */
	public JdbcOutboxOperations(OutboxJdbc jdbc) {
		this.jdbc = jdbc;
		this.lists = new RowLists(jdbc);
		this.lockParked = SqlByCount.repeated(
				jdbc.sql("SELECT outbox_id, event_id FROM ${prefix}outbox_parked WHERE outbox_id IN ("), "?", ", ",
				") ORDER BY outbox_id FOR UPDATE");
		// Stored now, with a new id: by all that the order rests on it is published anew.
		this.putBack = SqlByCount.repeated(jdbc.sql("""
				INSERT INTO ${prefix}outbox (%1$s, payload, headers, created_at)
				SELECT %1$s, payload, headers, %2$s FROM ${prefix}outbox_parked WHERE outbox_id IN (""".formatted(EVENT,
				jdbc.dialect().now())), "?", ", ", ") ORDER BY outbox_id");
		this.deleteAllParked = SqlByCount.in(jdbc.sql("DELETE FROM ${prefix}outbox_parked WHERE outbox_id IN"));
		this.find = new SqlByCount(
				(count) -> String.join(" UNION ALL ", find("outbox", count / 2), find("outbox_parked", count / 2))
						+ " ORDER BY 1");
		this.deletePending = jdbc.sql("DELETE FROM ${prefix}outbox WHERE outbox_id = ?");
		this.deleteParked = jdbc.sql("DELETE FROM ${prefix}outbox_parked WHERE outbox_id = ?");
		// Without attempts, so that no back-off delays it.
		this.unblock = jdbc.sql("""
				UPDATE ${prefix}outbox_attempt SET blocked_at = NULL, attempts = 0
				WHERE outbox_id = ? AND blocked_at IS NOT NULL""");
		// Read from the row that is always there, so that it is one guarded statement.
		this.pause = jdbc.sql("""
				INSERT INTO ${prefix}outbox_lock (lock_name, locked_by, locked_until)
				SELECT 'paused', ?, %s FROM ${prefix}outbox_lock r WHERE r.lock_name = 'relay'
					AND NOT EXISTS (SELECT 1 FROM ${prefix}outbox_lock p WHERE p.lock_name = 'paused')"""
			.formatted(jdbc.dialect().now()));
		this.resume = jdbc.sql("DELETE FROM ${prefix}outbox_lock WHERE lock_name = 'paused'");
		this.paused = jdbc.sql("SELECT %s FROM ${prefix}outbox_lock WHERE lock_name = 'paused'"
			.formatted(jdbc.dialect().age("locked_until")));
	}

	@Override
	public List<PendingRow> pending(RowFilter filter, long after, int limit) {
		return this.lists.pending.page(filter, after, limit);
	}

	@Override
	public List<ParkedRow> parked(RowFilter filter, long after, int limit) {
		return this.lists.parked.page(filter, after, limit);
	}

	@Override
	public List<BlockedRow> blocked(RowFilter filter, long after, int limit) {
		return this.lists.blocked.page(filter, after, limit);
	}

	@Override
	public Outcome unblock(Collection<Long> ids) {
		return inParts(ids, (part) -> {
			List<Found> unblocked = oneByOne(part, (id) -> update(this.unblock, id));
			if (!unblocked.isEmpty()) {
				logger.info("{} blocked events are to be sent again: {}", unblocked.size(), eventIds(unblocked));
			}
			return unblocked.size();
		});
	}

	@Override
	public Outcome resend(Collection<Long> ids) {
		return inParts(ids, this::resendAll);
	}

	@Override
	public Outcome discard(Collection<Long> ids, String reason) {
		requireReason(reason);
		return inParts(ids, (part) -> discardAll(part, reason));
	}

	@Override
	public Outcome pause(String reason) {
		requireReason(reason);
		Outcome outcome = new Outcome(
				this.jdbc.inTransaction(() -> this.jdbc.template().update(this.pause, this.jdbc.instance())), 1);
		logger.info("Sending is to be paused, because: {} ({})", reason, outcome);
		return outcome;
	}

	@Override
	public Outcome resume() {
		Outcome outcome = new Outcome(this.jdbc.inTransaction(() -> this.jdbc.template().update(this.resume)), 1);
		logger.info("Sending is to be resumed ({})", outcome);
		return outcome;
	}

	@Override
	public Optional<Duration> paused() {
		return this.jdbc.read(this.paused, (statement) -> {
		}, (rows) -> rows.next() ? Optional.of(Duration.ofMillis(Math.max(0, rows.getLong(1)))) : Optional.empty());
	}

	private static void requireReason(String reason) {
		if (!StringUtils.hasText(reason)) {
			throw new OutboxException("An operator's action needs a reason. Give one, for the log");
		}
	}

	private static Outcome inParts(Collection<Long> ids, Function<List<Long>, Integer> action) {
		List<Long> sorted = ids.stream().distinct().sorted().toList();
		int done = 0;
		for (List<Long> part : OutboxJdbc.parts(sorted, IDS_PER_TRANSACTION)) {
			done += action.apply(part);
		}
		return new Outcome(done, sorted.size());
	}

	// The rows are locked first: who acts upon them at the same time leaves nothing.
	private int resendAll(List<Long> ids) {
		List<Found> resent = this.jdbc.inTransaction(() -> {
			JdbcTemplate template = this.jdbc.template();
			List<Found> locked = template.query(this.lockParked.of(ids.size()), JdbcOutboxOperations::found,
					ids.toArray());
			if (!locked.isEmpty()) {
				Object[] arguments = locked.stream().map(Found::id).toArray();
				template.update(this.putBack.of(arguments.length), arguments);
				template.update(this.deleteAllParked.of(arguments.length), arguments);
			}
			return locked;
		});
		if (!resent.isEmpty()) {
			logger.info("{} parked events were put back, to be sent again: {}", resent.size(), eventIds(resent));
		}
		return resent.size();
	}

	// An event that is parked meanwhile is met in its second place.
	private int discardAll(List<Long> ids, String reason) {
		List<Found> discarded = oneByOne(ids, (id) -> update(this.deletePending, id) || update(this.deleteParked, id));
		if (!discarded.isEmpty()) {
			logger.info("{} events were discarded, because: {}. They are {}", discarded.size(), reason,
					eventIds(discarded));
		}
		return discarded.size();
	}

	// Statements with many ids would wait for events that are being stored. Answers for
	// which rows it was done.
	private List<Found> oneByOne(List<Long> ids, LongPredicate action) {
		return this.jdbc.inTransaction(() -> {
			List<Long> twice = new ArrayList<>(ids);
			twice.addAll(ids);
			return this.jdbc.template()
				.query(this.find.of(twice.size()), JdbcOutboxOperations::found, twice.toArray())
				.stream()
				.filter((row) -> action.test(row.id()))
				.toList();
		});
	}

	private boolean update(String sql, long id) {
		return this.jdbc.template().update(sql, id) == 1;
	}

	private String find(String table, int count) {
		return SqlByCount.in(this.jdbc.sql("SELECT outbox_id, event_id FROM ${prefix}" + table + " WHERE outbox_id IN"))
			.of(count);
	}

	private static List<String> eventIds(List<Found> rows) {
		return rows.stream().map(Found::eventId).toList();
	}

	private static Found found(ResultSet row, int number) throws SQLException {
		return new Found(row.getLong(1), row.getString(2));
	}

	private record Found(long id, String eventId) {

	}

}
