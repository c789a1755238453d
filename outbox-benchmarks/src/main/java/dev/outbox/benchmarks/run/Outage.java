package dev.outbox.benchmarks.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import dev.outbox.benchmarks.contestant.Commits;
import dev.outbox.benchmarks.contestant.Contestant;
import dev.outbox.benchmarks.contestant.Load;
import dev.outbox.benchmarks.contestant.Micros;
import dev.outbox.testsupport.KafkaBroker;

/**
 * Shuts the broker down for a time while all contestants, together, publish at a low
 * rate.
 */
public final class Outage {

	private static final int RATE = 50;

	private static final Duration BEFORE = Duration.ofSeconds(5);

	private static final Duration AFTER = Duration.ofSeconds(10);

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private final Field field;

	private final KafkaBroker broker;

	/**
	 * Create the workload.
	 * @param field the contestants
	 * @param servers the servers
	 */
	public Outage(Field field, Servers servers) {
		this.field = field;
		this.broker = servers.broker();
	}

	/**
	 * Have an outage.
	 * @param length how long the broker is down
	 * @return what came of it
	 */
	public List<Result> run(Duration length) {
		int run = this.field.nextRun();
		Load load = Load.ledger(BEFORE.plus(length).plus(AFTER)).withRate(RATE).withRun(run);
		List<Turn> turns = new ArrayList<>();
		try {
			for (Site site : this.field.sites()) {
				if (site.contestant().isPublishing()) {
					Receiver receiver = site.receive(run);
					turns.add(new Turn(site.contestant(), receiver, this.field.run(site, load)));
				}
			}
			Pause.of(BEFORE);
			this.broker.stop();
			long down = Micros.now();
			Pause.of(length);
			long start = Micros.now();
			this.broker.restart();
			long back = Micros.now();
			turns.forEach((turn) -> turn.commits().join());
			long end = System.nanoTime() + PATIENCE.toNanos();
			return turns.stream().map((turn) -> turn.end(down, start, back, end)).toList();
		}
		finally {
			turns.forEach((turn) -> turn.receiver().close());
		}
	}

	/**
	 * A contestant under the load.
	 *
	 * @param contestant who it is
	 * @param receiver its consumer
	 * @param commits what it will have committed
	 */
	private record Turn(Contestant contestant, Receiver receiver, CompletableFuture<Commits> commits) {

		Result end(long down, long start, long back, long until) {
			Commits committed = this.commits.join();
			this.receiver.awaitAll(committed.events(), Duration.ofNanos(Math.max(0, until - System.nanoTime())));
			Receipts receipts = this.receiver.receipts();
			Map<Long, Long> received = receipts.timesById();
			long meanwhile = committed.timesById()
				.values()
				.stream()
				.filter((time) -> time >= down && time < start)
				.count();
			long caughtUp = committed.timesById()
				.entrySet()
				.stream()
				.filter((commit) -> commit.getValue() < back)
				.mapToLong((commit) -> received.getOrDefault(commit.getKey(), back))
				.max()
				.orElse(back);
			return new Result(this.contestant.title(),
					new Outcome.Counts(committed.events(), committed.failed(), committed.events() - received.size(),
							receipts.duplicates(), receipts.reordered()),
					meanwhile * 1e6 / (start - down), committed.durations().max().orElse(0) / 1e6,
					Math.max(0, caughtUp - back) / 1e6);
		}

	}

	/**
	 * What came of an outage.
	 *
	 * @param contestant who it was
	 * @param counts what was counted
	 * @param rate how many events a second were committed while the broker was down
	 * @param longest how long the longest transaction took, in milliseconds
	 * @param recovery how many seconds after the broker was back the last one arrived of
	 * those that had been committed until then and arrived at all
	 */
	public record Result(String contestant, Outcome.Counts counts, double rate, double longest, double recovery) {

	}

}
