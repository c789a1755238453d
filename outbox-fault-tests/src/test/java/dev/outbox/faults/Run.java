package dev.outbox.faults;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.outbox.testsupport.TopicReader;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.core.ConditionTimeoutException;

import org.springframework.dao.DataAccessException;

import static org.awaitility.Awaitility.await;

/**
 * One run: the load begins, the fault strikes and is healed, the load goes on and ends,
 * the table drains, and what has arrived is compared with what was committed.
 */
final class Run {

	private static final int CHANGES = 300;

	private static final Duration POLL = Duration.ofMillis(50);

	private final Arena arena;

	private final Cell cell;

	Run(Arena arena, Cell cell) {
		this.arena = arena;
		this.cell = cell;
	}

	Report report() throws Exception {
		Random random = new Random(this.cell.seed());
		this.arena.publish(this.cell.fault(), this.cell.seed());
		awaitChanges();
		CompletableFuture<Duration> takeOver = watch(pendingUpTo());
		Runnable heal = this.cell.fault().strike(this.arena, random);
		try {
			// The fault lasts for a time, not until something happens.
			await().pollDelay(this.cell.fault().length()).atMost(Arena.PATIENCE).until(() -> true);
		}
		finally {
			heal.run();
		}
		awaitChanges();
		Duration longest = this.arena.rest();
		long start = System.nanoTime();
		int pending = awaitDrain();
		Duration drain = since(start);
		List<Entry> committed = Entry.of(this.arena.jdbc(), this.arena.topic());
		Set<String> parked = new HashSet<>(this.arena.jdbc()
			.queryForList("SELECT event_id FROM outbox_parked WHERE topic = ?", String.class, this.arena.topic()));
		Audit audit = Audit.of(committed, records(), parked, this.arena.prefix());
		return new Report(this.cell, committed.size(), audit, pending, parked.size(),
				(pending == 0) ? takeOver.get(1, TimeUnit.MINUTES) : Arena.PATIENCE, drain, longest);
	}

	// That the load goes on is asserted, too.
	private void awaitChanges() {
		int before = committed();
		await().atMost(Arena.PATIENCE).pollInterval(POLL).until(() -> committed() >= before + CHANGES);
	}

	private int committed() {
		return count("SELECT COUNT(*) FROM ledger_entry WHERE topic = '%s'".formatted(this.arena.topic()));
	}

	private int count(String sql) {
		Integer count = this.arena.jdbc().queryForObject(sql, Integer.class);
		return (count != null) ? count : 0;
	}

	private long pendingUpTo() {
		Long id = this.arena.jdbc().queryForObject("SELECT COALESCE(MAX(outbox_id), 0) FROM outbox", Long.class);
		return (id != null) ? id : 0;
	}

	// On a thread of its own, since a paused database does not answer.
	private CompletableFuture<Duration> watch(long id) {
		long start = System.nanoTime();
		return CompletableFuture.supplyAsync(() -> {
			await().atMost(Arena.PATIENCE.multipliedBy(3))
				.pollInterval(POLL)
				.ignoreExceptionsInstanceOf(DataAccessException.class)
				.until(() -> count("SELECT COUNT(*) FROM outbox WHERE outbox_id <= " + id) == 0);
			return since(start);
		});
	}

	private int awaitDrain() {
		try {
			await().atMost(Arena.PATIENCE).pollInterval(POLL).until(() -> count("SELECT COUNT(*) FROM outbox") == 0);
		}
		catch (ConditionTimeoutException ex) {
			// told by the number
		}
		return count("SELECT COUNT(*) FROM outbox");
	}

	private List<ConsumerRecord<String, String>> records() throws Exception {
		String address = this.arena.broker().bootstrapServers();
		try (TopicReader reader = TopicReader.read(address, this.arena.topic())) {
			return reader.await(this.arena.countRecords(), Arena.PATIENCE);
		}
	}

	private static Duration since(long start) {
		return Duration.ofNanos(System.nanoTime() - start);
	}

}
