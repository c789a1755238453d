package dev.outbox.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import dev.outbox.OutboxException;
import dev.outbox.OutboxTrouble.Kind;
import dev.outbox.health.InstanceHealth;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches who is in the group that reads events back. Its consumers bear the id of the
 * tables from which they clear events; one that bears another id, or none, gets
 * partitions that it has no business with, and the events there are not confirmed.
 * <p>
 * It looks when the instance starts and when partitions have moved, which they do when
 * somebody joins, and again as long as somebody else is there. A member that has died is
 * still listed for a while; only who stays for longer is told of. While nobody else is
 * there, there is neither a thread nor a client between looks.
 *
 * @since 0.1
 */
public final class GroupWatch {

	private static final Logger logger = LoggerFactory.getLogger(GroupWatch.class);

	private static final String MARK = "-outbox-";

	private static final Pattern MARKED = Pattern.compile(".*" + MARK + "[0-9a-f]{12}", Pattern.DOTALL);

	private static final Duration SETTLED = Duration.ofSeconds(1);

	private static final Duration ALIVE = Duration.ofSeconds(12);

	private static final Duration AGAIN = Duration.ofSeconds(5);

	private static final Duration IDLE = Duration.ofSeconds(2);

	private static final int MOST_NAMES = 5;

	private final Map<String, Object> settings;

	private final String group;

	private final Supplier<String> tables;

	private final InstanceHealth health;

	private final LongSupplier clock;

	private final Map<String, Long> seen = new HashMap<>();

	private final AtomicBoolean planned = new AtomicBoolean();

	private volatile @Nullable ScheduledThreadPoolExecutor executor;

	private volatile @Nullable Future<Map<String, String>> first;

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
		this.settings = settings;
		this.group = group;
		this.tables = tables;
		this.health = health;
		this.clock = clock;
	}

	/**
	 * Start watching, and look for the first time in the background.
	 */
	public void start() {
		ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, (task) -> {
			Thread thread = new Thread(task, "outbox-group-watch");
			thread.setDaemon(true);
			return thread;
		});
		executor.setKeepAliveTime(IDLE.toMillis(), TimeUnit.MILLISECONDS);
		executor.allowCoreThreadTimeOut(true);
		this.executor = executor;
		this.first = executor.submit(this::otherOutboxes);
	}

	/**
	 * Refuse to share the group with another outbox, if the first look has found one that
	 * is alive. When Kafka does not answer in time, nothing is refused; what comes out
	 * later is told as trouble.
	 * @param patience how long to wait for the first look
	 * @throws OutboxException if the group is shared
	 */
	public void requireOwnGroup(Duration patience) {
		ScheduledThreadPoolExecutor executor = this.executor;
		Future<Map<String, String>> first = this.first;
		if (executor == null || first == null) {
			return;
		}
		try {
			Map<String, String> others = first.get(patience.toNanos(), TimeUnit.NANOSECONDS);
			if (!others.isEmpty()) {
				logger.warn("{} It is looked for {} seconds whether they are alive", reason(others.values()),
						ALIVE.toSeconds());
			}
			for (long left = ALIVE.toSeconds(); left > 0 && !others.isEmpty(); left--) {
				others.keySet().retainAll(executor.schedule(this::otherOutboxes, 1, TimeUnit.SECONDS).get().keySet());
			}
			if (!others.isEmpty()) {
				throw new OutboxException(
						reason(others.values()) + " To start all the same, set outbox.confirmation.check-group=false");
			}
		}
		catch (ExecutionException | TimeoutException ex) {
			logger.debug("It is not known who is in group {}", this.group, ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * Stop watching.
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
		return clientId + MARK + this.tables.get();
	}

	// Partitions have moved: somebody may have come.
	void membersHaveChanged() {
		lookAfter(SETTLED);
	}

	private void lookAfter(Duration delay) {
		ScheduledThreadPoolExecutor executor = this.executor;
		if (executor != null && this.planned.compareAndSet(false, true)) {
			try {
				var unused = executor.schedule(this::look, delay.toNanos(), TimeUnit.NANOSECONDS);
			}
			catch (RejectedExecutionException ex) {
				logger.debug("The outbox stops", ex);
			}
		}
	}

	private void look() {
		this.planned.set(false);
		try {
			judge(others());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (ExecutionException | RuntimeException ex) {
			logger.debug("It is not known who is in group {}", this.group, ex);
			lookAfter(AGAIN);
		}
	}

	// Client ids by member ids.
	private void judge(Map<String, String> others) {
		long now = this.clock.getAsLong();
		this.seen.keySet().retainAll(others.keySet());
		others.keySet().forEach((member) -> this.seen.putIfAbsent(member, now));
		others.keySet().removeIf((member) -> now - this.seen.getOrDefault(member, now) < ALIVE.toNanos());
		if (!others.isEmpty()) {
			this.health.report(Kind.IDENTITY, null, reason(others.values()));
		}
		else if (this.seen.isEmpty()) {
			this.health.end(Kind.IDENTITY, null);
		}
		if (!this.seen.isEmpty()) {
			lookAfter(AGAIN);
		}
	}

	private Map<String, String> otherOutboxes() throws InterruptedException, ExecutionException {
		Map<String, String> others = others();
		others.values().removeIf((client) -> !MARKED.matcher(client).matches());
		return others;
	}

	private Map<String, String> others() throws InterruptedException, ExecutionException {
		String own = mark("");
		try (Admin admin = Admin.create(this.settings)) {
			return admin.describeConsumerGroups(Set.of(this.group))
				.all()
				.get()
				.values()
				.stream()
				.flatMap((description) -> description.members().stream())
				.filter((member) -> !member.clientId().endsWith(own))
				.collect(Collectors.toMap(MemberDescription::consumerId, MemberDescription::clientId, (one, two) -> one,
						HashMap::new));
		}
		catch (ExecutionException ex) {
			if (ex.getCause() instanceof GroupIdNotFoundException) {
				return new HashMap<>();
			}
			throw ex;
		}
	}

	private String reason(Collection<String> clients) {
		return ("Consumer group '%s' is shared with %s, which clear no events of this outbox, but are given partitions "
				+ "of it. Give each application a source of its own (spring.application.name, outbox.source), and, if it "
				+ "is set, an outbox.confirmation.group-id of its own.")
			.formatted(this.group, clients.stream().sorted().limit(MOST_NAMES).collect(Collectors.joining(", ")));
	}

}
