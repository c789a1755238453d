package dev.outbox.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import dev.outbox.OutboxTrouble.Kind;
import dev.outbox.health.InstanceHealth;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.core.NestedExceptionUtils;

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

	private static final Duration ALIVE = Duration.ofSeconds(12);

	private static final Duration AGAIN = Duration.ofSeconds(5);

	private static final Duration IDLE = Duration.ofSeconds(2);

	private static final int MOST_NAMES = 5;

	private static final String LEFT = " Until they have gone, this instance leaves the group to them, and its events are "
			+ "not confirmed. To join all the same, set outbox.confirmation.check-group=false.";

	private final String group;

	private final GroupMembers members;

	private final InstanceHealth health;

	private final LongSupplier clock;

	private final Map<String, Long> seen = new HashMap<>();

	private final AtomicBoolean planned = new AtomicBoolean();

	private boolean left;

	private volatile @Nullable ScheduledThreadPoolExecutor executor;

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
	 * @param exclusive whether not to join while another outbox is in the group. If it is
	 * not known who is there, the instance joins
	 * @param join joins the group; called again some seconds after it has failed
	 */
	public void start(boolean exclusive, Runnable join) {
		ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, (task) -> {
			Thread thread = new Thread(task, "outbox-group-watch");
			thread.setDaemon(true);
			return thread;
		});
		executor.setKeepAliveTime(IDLE.toMillis(), TimeUnit.MILLISECONDS);
		executor.allowCoreThreadTimeOut(true);
		this.executor = executor;
		// What a former executor was still to do is not done any more.
		this.planned.set(false);
		executeAfter(Duration.ZERO, () -> enter(exclusive, join));
	}

	/**
	 * Stop watching, and do not join any more.
	 */
	public void stop() {
		ScheduledThreadPoolExecutor executor = this.executor;
		if (executor != null) {
			executor.shutdownNow();
		}
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
		lookAfter(SETTLED);
	}

	private void lookAfter(Duration delay) {
		if (this.planned.compareAndSet(false, true)) {
			executeAfter(delay, this::look);
		}
	}

	private void executeAfter(Duration delay, Runnable task) {
		ScheduledThreadPoolExecutor executor = this.executor;
		if (executor != null) {
			try {
				var unused = executor.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
			}
			catch (RejectedExecutionException ex) {
				logger.debug("The outbox stops", ex);
			}
		}
	}

	private void enter(boolean exclusive, Runnable join) {
		try {
			Duration wait = exclusive ? leftToOthers() : Duration.ZERO;
			if (wait.isZero()) {
				join.run();
			}
			else {
				executeAfter(wait, () -> enter(exclusive, join));
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (Throwable ex) {
			// Nobody else would hear of it.
			tellOfFailure(ex);
			executeAfter(AGAIN, () -> enter(exclusive, join));
		}
	}

	// For how long to leave the group to another outbox before the next look.
	private Duration leftToOthers() throws InterruptedException {
		try {
			Map<String, String> others = this.members.others();
			others.values().removeIf((client) -> !GroupMembers.isOutbox(client));
			Collection<String> staying = staying(others);
			boolean known = this.left;
			this.left = !staying.isEmpty();
			if (this.left && !known) {
				logger.error("{}{}", reason(staying), LEFT);
			}
			tell(staying, LEFT);
			return others.isEmpty() ? Duration.ZERO : this.left ? AGAIN : SETTLED;
		}
		catch (ExecutionException | KafkaException ex) {
			logger.debug("It is not known who is in group {}", this.group, ex);
			return Duration.ZERO;
		}
	}

	private void tellOfFailure(Throwable failure) {
		ScheduledThreadPoolExecutor executor = this.executor;
		if (executor != null && executor.isShutdown()) {
			logger.debug("The outbox stops", failure);
			return;
		}
		String reason = "The consumers of group '%s' cannot be started: %s. Correct outbox.confirmation.properties, or "
			.formatted(this.group, NestedExceptionUtils.getMostSpecificCause(failure))
				+ "the connection to Kafka; until then nothing is confirmed, rows stay, and some events are sent again";
		logger.error(reason, failure);
		this.health.report(Kind.READING, null, reason, AGAIN.multipliedBy(2));
	}

	private void look() {
		this.planned.set(false);
		try {
			tell(staying(this.members.others()), "");
			if (!this.seen.isEmpty()) {
				lookAfter(AGAIN);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (ExecutionException | RuntimeException ex) {
			logger.debug("It is not known who is in group {}", this.group, ex);
			lookAfter(AGAIN);
		}
	}

	// The client ids of those who have been there for so long that they have not died.
	private Collection<String> staying(Map<String, String> others) {
		long now = this.clock.getAsLong();
		this.seen.keySet().retainAll(others.keySet());
		others.keySet().forEach((member) -> this.seen.putIfAbsent(member, now));
		return others.entrySet()
			.stream()
			.filter((member) -> now - this.seen.getOrDefault(member.getKey(), now) >= ALIVE.toNanos())
			.map(Map.Entry::getValue)
			.sorted()
			.toList();
	}

	private void tell(Collection<String> staying, String consequence) {
		if (!staying.isEmpty()) {
			this.health.report(Kind.IDENTITY, null, reason(staying) + consequence);
		}
		else if (this.seen.isEmpty()) {
			this.health.end(Kind.IDENTITY, null);
		}
	}

	private String reason(Collection<String> clients) {
		return ("Consumer group '%s' is shared with %s, which clear no events of this outbox, but are given partitions "
				+ "of it. Give each application a source of its own (spring.application.name, outbox.source), and, if it "
				+ "is set, an outbox.confirmation.group-id of its own.")
			.formatted(this.group, clients.stream().limit(MOST_NAMES).collect(Collectors.joining(", ")));
	}

}
