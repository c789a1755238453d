package dev.outbox.benchmarks.run;

import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;

import dev.outbox.benchmarks.contestant.Contestant;
import dev.outbox.benchmarks.contestant.Load;

/**
 * Rows that wait in the table when a contestant starts, of 300 bytes and 1,000 keys.
 */
public final class Backlog {

	/**
	 * Those whose tables can be filled.
	 */
	public static final Set<Contestant> CONTESTANTS = Set.of(Contestant.BY_HAND, Contestant.OURS_CONSUMER,
			Contestant.OURS_ACK);

	private static final int BATCH = 10_000;

	private static final Duration PATIENCE = Duration.ofMinutes(1);

	private static final int SLOWEST_PER_SECOND = 2_000;

	private static final String HEAP = "-Xmx128m";

	private static final Duration AGE = Duration.ofDays(1);

	private static final String CHANGE = "{\"account\":%d,\"run\":%d,\"sequence\":%d,\"text\":\"" + "x".repeat(250)
			+ "\"}";

	private final Servers servers;

	private int run;

	/**
	 * Create the workload.
	 * @param servers the servers
	 */
	public Backlog(Servers servers) {
		this.servers = servers;
	}

	/**
	 * Start a contestant before each of several backlogs.
	 * @param contestant the contestant
	 * @param sizes how many rows wait
	 * @return what came of it
	 */
	public List<Drain> run(Contestant contestant, List<Integer> sizes) {
		try (Site site = new Site(contestant, this.servers, 1)) {
			// The first one creates the tables.
			site.launch(HEAP).close();
			List<Drain> drains = new ArrayList<>();
			for (int size : sizes) {
				drains.add(run(site, size));
			}
			return drains;
		}
	}

	private Drain run(Site site, int size) {
		this.run++;
		for (int from = 0; from < size; from += BATCH) {
			fill(site, from, Math.min(size, from + BATCH));
		}
		try (Receiver receiver = site.receive(this.run); Instance instance = site.launch(HEAP)) {
			receiver.awaitAll(size, PATIENCE.plusSeconds(size / SLOWEST_PER_SECOND));
			Receipts receipts = receiver.receipts();
			double seconds = (receipts.last() - receipts.first()) / 1e6;
			site.awaitEmpty(Duration.ofSeconds(30));
			return new Drain(site.contestant().title(), size, (receipts.first() - instance.started()) / 1e6,
					receipts.size() / seconds, size - receipts.size(), receipts.duplicates(), receipts.reordered());
		}
	}

	private void fill(Site site, int from, int to) {
		boolean ours = site.contestant().isOurs();
		String sql = ours
				? "INSERT INTO outbox (event_id, event_type, topic, partition_key, payload, created_at) "
						+ "VALUES (?, ?, ?, ?, ?, ?)"
				: "INSERT INTO by_hand (id, partition_key, payload) VALUES (?, ?, ?)";
		Timestamp created = Timestamp.from(Instant.now().minus(AGE));
		List<Object[]> rows = IntStream.range(from, to).mapToObj((number) -> {
			int account = number % Load.ACCOUNTS;
			String change = CHANGE.formatted(account, this.run, number / Load.ACCOUNTS + 1);
			if (!ours) {
				return new Object[] { UUID.randomUUID().toString(), String.valueOf(account), change };
			}
			// Ascending, as those of the outbox.
			String id = new UUID(created.getTime() << 16 | 7 << 12, number | 2L << 62).toString();
			return new Object[] { id, Contestant.EVENT_TYPE, site.topic(), String.valueOf(account),
					"{\"eventId\":\"%s\",\"eventType\":\"%s\",\"payload\":%s}".formatted(id, Contestant.EVENT_TYPE,
							change),
					created };
		}).toList();
		site.jdbc().batchUpdate(sql, rows);
	}

	/**
	 * What came of one backlog.
	 *
	 * @param contestant who it was
	 * @param size how many rows waited
	 * @param first seconds from the beginning of the application's start to the first
	 * receipt
	 * @param rate events a second from the first receipt to the last
	 * @param missing how many did not arrive in time
	 * @param duplicates how many came again
	 * @param reordered how many first came after a later one of their account
	 */
	public record Drain(String contestant, int size, double first, double rate, int missing, int duplicates,
			int reordered) {

	}

}
