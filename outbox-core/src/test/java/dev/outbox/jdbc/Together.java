package dev.outbox.jdbc;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Runs tasks at the same time.
 */
final class Together {

	private Together() {
	}

	/**
	 * Run tasks, each on a thread of its own, that begin at the same time.
	 * @param tasks the tasks
	 * @throws Exception the failure of a task
	 */
	static void run(Runnable... tasks) throws Exception {
		run(Duration.ofMinutes(2), List.of(tasks));
	}

	/**
	 * Run tasks, each on a thread of its own, that begin at the same time.
	 * @param patience how long they may take
	 * @param tasks the tasks
	 * @throws Exception the failure of a task
	 */
	static void run(Duration patience, List<Runnable> tasks) throws Exception {
		call(patience, tasks.stream().map(Executors::callable).toList());
	}

	/**
	 * Call tasks, each on a thread of its own, that begin at the same time.
	 * @param <T> the type of the results
	 * @param tasks the tasks
	 * @return the results in the order of the tasks
	 * @throws Exception the failure of a task
	 */
	static <T> List<T> call(List<Callable<T>> tasks) throws Exception {
		return call(Duration.ofMinutes(2), tasks);
	}

	private static <T> List<T> call(Duration patience, List<Callable<T>> tasks) throws Exception {
		ExecutorService executor = Executors.newFixedThreadPool(tasks.size());
		try {
			CyclicBarrier barrier = new CyclicBarrier(tasks.size());
			List<Future<T>> futures = new ArrayList<>();
			for (Callable<T> task : tasks) {
				futures.add(executor.submit(() -> {
					barrier.await(1, TimeUnit.MINUTES);
					return task.call();
				}));
			}
			List<T> results = new ArrayList<>();
			for (Future<T> future : futures) {
				results.add(future.get(patience.toMillis(), TimeUnit.MILLISECONDS));
			}
			return results;
		}
		finally {
			executor.shutdownNow();
		}
	}

}
