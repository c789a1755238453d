package dev.outbox.benchmarks.contestant;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Does the transactions of a {@link Load}.
 */
final class LedgerLoad {

	private static final Logger logger = LoggerFactory.getLogger(LedgerLoad.class);

	private final JdbcTemplate jdbc;

	private final TransactionTemplate transaction;

	private final Publishing publishing;

	LedgerLoad(JdbcTemplate jdbc, PlatformTransactionManager manager, Publishing publishing) {
		this.jdbc = jdbc;
		this.transaction = new TransactionTemplate(manager);
		this.publishing = publishing;
	}

	Commits run(Load load) throws Exception {
		ExecutorService threads = Executors.newFixedThreadPool(load.threads());
		try {
			long start = System.nanoTime();
			AtomicLong started = new AtomicLong();
			List<Future<Recorder>> all = new ArrayList<>();
			for (int i = 0; i < load.threads(); i++) {
				all.add(threads.submit(() -> work(load, start, started)));
			}
			List<Recorder> recorders = new ArrayList<>();
			for (Future<Recorder> one : all) {
				recorders.add(one.get());
			}
			return Commits.of(recorders);
		}
		finally {
			threads.shutdownNow();
		}
	}

	private Recorder work(Load load, long start, AtomicLong started) {
		Random random = new Random();
		String text = "x".repeat(load.text());
		Recorder recorder = new Recorder();
		while (awaitTurn(load, start, started)) {
			try {
				long begin = System.nanoTime();
				change(load, random, text, recorder);
				recorder.took(System.nanoTime() - begin);
			}
			catch (RuntimeException ex) {
				logger.warn("A transaction failed", ex);
				recorder.failed();
			}
		}
		return recorder;
	}

	// The turns are fixed in advance: who is late does not put off the next one.
	private static boolean awaitTurn(Load load, long start, AtomicLong started) {
		long end = start + load.length().toNanos();
		if (!load.isPaced()) {
			return System.nanoTime() - end < 0;
		}
		long due = start + started.getAndIncrement() * TimeUnit.SECONDS.toNanos(1) / load.rate();
		if (due - end >= 0) {
			return false;
		}
		for (long now = System.nanoTime(); due - now > 0; now = System.nanoTime()) {
			LockSupport.parkNanos(due - now);
		}
		return true;
	}

	private void change(Load load, Random random, String text, Recorder recorder) {
		int account = (random.nextDouble() < load.hot()) ? 0 : random.nextInt(load.accounts());
		this.transaction.executeWithoutResult((status) -> {
			this.jdbc.update("UPDATE ledger SET sequence = sequence + ? WHERE account = ?", load.events(), account);
			Long last = this.jdbc.queryForObject("SELECT sequence FROM ledger WHERE account = ?", Long.class, account);
			long before = ((last != null) ? last : 0) - load.events();
			List<Change> changes = IntStream.rangeClosed(1, load.events())
				.mapToObj((number) -> new Change(account, load.run(), before + number, text))
				.toList();
			recorder.expect(changes);
			this.publishing.publish(changes);
		});
	}

}
