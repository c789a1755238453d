package dev.outbox.kafka;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import dev.outbox.health.InstanceHealth;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches who is in the group that reads events back. Its consumers bear the id of the
 * tables from which they clear events; one that bears another id, or none, gets
 * partitions that it has no business with, and the events there are not confirmed.
 * <p>
 * It looks before the instance joins the group, which it leaves to another outbox that is
 * there, and when partitions have moved, which they do when somebody joins, and again as
 * long as somebody else is there. A member that has died is still listed for a while;
 * only who stays for longer is told of. While nobody else is there, there is neither a
 * thread nor a client between looks.
 *
 * @since 0.1
 */
public final class GroupWatch {

	private static final Logger logger = LoggerFactory.getLogger(GroupWatch.class);

	private static final Duration SETTLED = Duration.ofSeconds(1);

	private static final Duration AGAIN = Duration.ofSeconds(5);

	private static final Duration IDLE = Duration.ofSeconds(2);

	private final String group;

	private final GroupMembers members;

	private final InstanceHealth health;

	private final LongSupplier clock;

	private volatile @Nullable Watch watch;

	/**
	 * Create it.
	 * @param settings the settings of a client that asks the broker
	 * @param group the consumer group of the outbox
	 * @param tables tells the id of the tables
	 * @param health is told of trouble
	 * @param clock a monotonic clock in nanoseconds
	 */
	public GroupWatch(Map<String, Object> settings, String group, Supplier<String> tables, InstanceHealth health,
			LongSupplier clock) {
		this.group = group;
		this.members = new GroupMembers(settings, group, tables);
		this.health = health;
		this.clock = clock;
	}

	/**
	 * Start watching, and join the group in the background, so that no application waits
	 * for Kafka.
	 * @param exclusive whether not to join while another outbox is in the group and none
	 * of this one is. If it is not known who is there, the instance joins
	 * @param join joins the group; called again some seconds after it has failed
	 */
	public void start(boolean exclusive, Runnable join) {
		Watch watch = new Watch(exclusive, join);
		this.watch = watch;
		watch.enter();
	}

	/**
	 * Stop watching, and do not join any more.
	 */
	public void stop() {
		Watch watch = this.watch;
		if (watch != null) {
			watch.stop();
		}
	}

	/**
	 * Whether the group is left to another outbox, or was until lately, so that what it
	 * has read is not confirmed.
	 * @return whether it is
	 */
	public boolean isLeft() {
		Watch watch = this.watch;
		return watch != null && watch.entry.isLeft();
	}

	String group() {
		return this.group;
	}

	// What a consumer of this outbox is called.
	String mark(String clientId) {
		return this.members.mark(clientId);
	}

	// Partitions have moved: somebody may have come.
	void membersHaveChanged() {
		Watch watch = this.watch;
		if (watch != null) {
			watch.lookAfter(SETTLED);
		}
	}

	/**
	 * From a start to the stop.
	 */
	private final class Watch {

		private final ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, Watch::thread);

		private final AtomicBoolean planned = new AtomicBoolean();

		private final GroupStrangers strangers = new GroupStrangers(GroupWatch.this.group, GroupWatch.this.health,
				GroupWatch.this.clock);

		private final GroupEntry entry;

		Watch(boolean exclusive, Runnable join) {
			this.executor.setKeepAliveTime(IDLE.toMillis(), TimeUnit.MILLISECONDS);
			this.executor.allowCoreThreadTimeOut(true);
			this.entry = new GroupEntry(GroupWatch.this.group, GroupWatch.this.members, this.strangers,
					GroupWatch.this.health, exclusive, join, GroupWatch.this.clock);
		}

		// No daemon: until there are consumers nothing else may keep the JVM alive.
		private static Thread thread(Runnable task) {
			Thread thread = new Thread(task, "outbox-group-watch");
			thread.setDaemon(false);
			return thread;
		}

		void enter() {
			execute(Duration.ZERO, () -> {
				Optional<Duration> again = this.entry.attempt();
				again.ifPresent((delay) -> execute(delay, this::enter));
			});
		}

		void stop() {
			this.entry.end();
			this.executor.shutdownNow();
		}

		void lookAfter(Duration delay) {
			if (this.planned.compareAndSet(false, true)) {
				execute(delay, this::look);
			}
		}

		private void look() {
			this.planned.set(false);
			try {
				this.strangers.tell(this.strangers.staying(GroupWatch.this.members.others()), "");
				if (this.strangers.isAny()) {
					lookAfter(AGAIN);
				}
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			catch (ExecutionException | RuntimeException ex) {
				logger.debug("It is not known who is in group {}", GroupWatch.this.group, ex);
				lookAfter(AGAIN);
			}
		}

		private void execute(Duration delay, Runnable task) {
			try {
				var unused = this.executor.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
			}
			catch (RejectedExecutionException ex) {
				logger.debug("The outbox stops", ex);
			}
		}

	}

}
