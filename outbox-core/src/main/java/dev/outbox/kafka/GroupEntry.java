package dev.outbox.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.LongSupplier;

import dev.outbox.OutboxTrouble.Kind;
import dev.outbox.health.InstanceHealth;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.core.NestedExceptionUtils;

/**
 * How an instance joins the group that reads events back: at once, unless it is to be
 * left to another outbox, and again and again if it cannot. Belongs to the thread of the
 * watch.
 */
final class GroupEntry {

	private static final Logger logger = LoggerFactory.getLogger(GroupEntry.class);

	private static final Duration SOON = Duration.ofSeconds(1);

	private static final Duration LATER = Duration.ofSeconds(5);

	// Longer than the time between two attempts that both wait for an answer.
	private static final Duration MEMORY = Duration.ofMinutes(1);

	private static final Duration UNREAD = Duration.ofMinutes(10);

	private static final String LEFT = " Until they have gone this instance leaves the group to them, and the relay reads "
			+ "the topics in its place, so that events are confirmed late. To join all the same, set "
			+ "outbox.confirmation.check-group=false.";

	private final String group;

	private final GroupMembers members;

	private final GroupStrangers strangers;

	private final InstanceHealth health;

	private final boolean exclusive;

	private final Runnable join;

	private final LongSupplier clock;

	private volatile boolean left;

	private volatile long freedAt;

	private volatile boolean ended;

	private boolean told;

	private String failure = "";

	GroupEntry(String group, GroupMembers members, GroupStrangers strangers, InstanceHealth health, boolean exclusive,
			Runnable join, LongSupplier clock) {
		this.group = group;
		this.members = members;
		this.strangers = strangers;
		this.health = health;
		this.exclusive = exclusive;
		this.join = join;
		this.clock = clock;
		this.freedAt = clock.getAsLong() - UNREAD.toNanos();
	}

	// On any thread. Also for a while after the others have gone: what they had read by
	// then has not been read by the group.
	boolean isLeft() {
		return this.left || this.clock.getAsLong() - this.freedAt < UNREAD.toNanos();
	}

	// On any thread. What fails from now on is nobody's concern.
	void end() {
		this.ended = true;
	}

	// Answers after what time to try again, if that is of use.
	Optional<Duration> attempt() {
		try {
			Duration wait = this.exclusive ? leaveToOthers() : Duration.ZERO;
			if (!wait.isZero()) {
				return Optional.of(wait);
			}
			this.join.run();
			if (!this.failure.isEmpty()) {
				this.failure = "";
				this.health.end(Kind.READING, null);
			}
			return Optional.empty();
		}
		catch (InterruptedException | InterruptException ex) {
			Thread.currentThread().interrupt();
			return Optional.empty();
		}
		catch (Throwable ex) {
			// Nobody else would hear of it.
			tellOfFailure(ex);
			return Optional.of(LATER);
		}
	}

	// For how long to leave the group to others before the next look. Who cannot find out
	// whether they have gone goes on to leave it.
	private Duration leaveToOthers() throws InterruptedException {
		try {
			Map<String, String> owners = this.members.owners();
			Collection<String> staying = this.strangers.staying(owners);
			if (this.left && owners.isEmpty()) {
				this.freedAt = this.clock.getAsLong();
			}
			this.left = !owners.isEmpty();
			if (!staying.isEmpty() && !this.told) {
				logger.error("{}{}", this.strangers.reason(staying), LEFT);
			}
			this.told = this.left && (this.told || !staying.isEmpty());
			this.strangers.tell(staying, LEFT);
			return this.told ? LATER : this.left ? SOON : Duration.ZERO;
		}
		catch (InterruptException ex) {
			throw ex;
		}
		catch (ExecutionException | KafkaException ex) {
			logger.debug("It is not known who is in group {}", this.group, ex);
			return this.strangers.isAny() ? LATER : Duration.ZERO;
		}
	}

	private void tellOfFailure(Throwable failure) {
		if (this.ended) {
			logger.debug("The outbox stops", failure);
			return;
		}
		String reason = "The consumers of group '%s' cannot be started: %s. Correct outbox.confirmation.properties, or "
			.formatted(this.group, NestedExceptionUtils.getMostSpecificCause(failure))
				+ "the connection to Kafka or to the database; until then nothing is confirmed, rows stay, and some "
				+ "events are sent again";
		if (!reason.equals(this.failure)) {
			logger.error(reason, failure);
		}
		this.failure = reason;
		this.health.report(Kind.READING, null, reason, MEMORY);
	}

}
