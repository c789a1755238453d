package dev.outbox.jdbc;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

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
		call(Stream.of(tasks).map(Executors::callable).toList());
	}

	/**
	 * Call tasks, each on a thread of its own, that begin at the same time.
	 * @param <T> the type of the results
	 * @param tasks the tasks
	 * @return the results in the order of the tasks
	 * @throws Exception the failure of a task
	 */
	static <T> List<T> call(List<Callable<T>> tasks) throws Exception {
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
				results.add(future.get(2, TimeUnit.MINUTES));
			}
			return results;
		}
		finally {
			executor.shutdownNow();
		}
	}

}
