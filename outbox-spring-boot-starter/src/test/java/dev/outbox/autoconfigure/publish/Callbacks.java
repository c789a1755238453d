package dev.outbox.autoconfigure.publish;

import org.springframework.context.event.EventListener;
import org.springframework.core.Ordered;
import org.springframework.transaction.event.TransactionPhase;
import org.springframework.transaction.event.TransactionalEventListener;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The ways to have something done at a phase of the current transaction: directly, or by
 * an application event.
 */
final class Callbacks {

	@TransactionalEventListener(phase = TransactionPhase.BEFORE_COMMIT)
	void handle(BeforeCommit event) {
		event.work().run();
	}

	@TransactionalEventListener
	void handle(AfterCommit event) {
		event.work().run();
	}

	@EventListener
	void handle(AtOnce event) {
		event.work().run();
	}

	static void beforeCommit(int order, Runnable work) {
		register(new Callback(order) {

			@Override
			public void beforeCommit(boolean readOnly) {
				work.run();
			}

		});
	}

	static void beforeCompletion(Runnable work) {
		register(new Callback(Ordered.LOWEST_PRECEDENCE) {

			@Override
			public void beforeCompletion() {
				work.run();
			}

		});
	}

	static void afterCommit(int order, Runnable work) {
		register(new Callback(order) {

			@Override
			public void afterCommit() {
				work.run();
			}

		});
	}

	static void afterCompletion(int order, Runnable work) {
		register(new Callback(order) {

			@Override
			public void afterCompletion(int status) {
				work.run();
			}

		});
	}

	private static void register(TransactionSynchronization callback) {
		TransactionSynchronizationManager.registerSynchronization(callback);
	}

	private static class Callback implements TransactionSynchronization, Ordered {

		private final int order;

		Callback(int order) {
			this.order = order;
		}

		@Override
		public int getOrder() {
			return this.order;
		}

	}

	record BeforeCommit(Runnable work) {

	}

	record AfterCommit(Runnable work) {

	}

	record AtOnce(Runnable work) {

	}

}
