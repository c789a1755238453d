package dev.outbox.faults;

import java.lang.reflect.Method;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;

import net.bytebuddy.agent.ByteBuddyAgent;
import net.bytebuddy.agent.builder.AgentBuilder;
import net.bytebuddy.asm.MemberSubstitution;
import net.bytebuddy.matcher.ElementMatchers;

/**
 * A wall clock that can be wrong, put in place of the system's in the classes by which
 * the outbox and Kafka's clients in this JVM tell the time.
 */
public final class SkewedClock extends Clock {

	private static final String[] CLASSES = { "org.apache.kafka.common.utils.SystemTime",
			"dev.outbox.autoconfigure.OutboxAutoConfiguration", "dev.outbox.kafka.ConfirmationContainers" };

	private static volatile long skew;

	private final Clock clock;

	private SkewedClock(Clock clock) {
		this.clock = clock;
	}

	// Before any class concerned is loaded.
	static void install() throws NoSuchMethodException {
		Method millis = SkewedClock.class.getMethod("currentTimeMillis");
		Method clock = SkewedClock.class.getMethod("skewed");
		Method source = SkewedClock.class.getMethod("source");
		new AgentBuilder.Default().type(ElementMatchers.namedOneOf(CLASSES))
			.transform((builder, type, loader, module, domain) -> builder
				.visit(MemberSubstitution.relaxed()
					.method(ElementMatchers.is(method(System.class, "currentTimeMillis")))
					.replaceWith(millis)
					.on(ElementMatchers.any()))
				.visit(MemberSubstitution.relaxed()
					.method(ElementMatchers.is(method(Clock.class, "systemUTC")))
					.replaceWith(clock)
					.on(ElementMatchers.any()))
				.visit(MemberSubstitution.relaxed()
					.method(ElementMatchers.is(method(InstantSource.class, "system")))
					.replaceWith(source)
					.on(ElementMatchers.any())))
			.installOn(ByteBuddyAgent.install());
	}

	private static Method method(Class<?> type, String name) {
		try {
			return type.getMethod(name);
		}
		catch (NoSuchMethodException ex) {
			throw new IllegalStateException(ex);
		}
	}

	static void skew(long millis) {
		skew = millis;
	}

	/**
	 * In place of {@link System#currentTimeMillis()}.
	 * @return the wrong time
	 */
	public static long currentTimeMillis() {
		return System.currentTimeMillis() + skew;
	}

	/**
	 * In place of {@link Clock#systemUTC()}.
	 * @return the wrong clock
	 */
	public static Clock skewed() {
		return new SkewedClock(Clock.systemUTC());
	}

	/**
	 * In place of {@link InstantSource#system()}.
	 * @return the wrong clock
	 */
	public static InstantSource source() {
		return skewed();
	}

	@Override
	public ZoneId getZone() {
		return this.clock.getZone();
	}

	@Override
	public Clock withZone(ZoneId zone) {
		return new SkewedClock(this.clock.withZone(zone));
	}

	@Override
	public Instant instant() {
		return this.clock.instant().plus(Duration.ofMillis(skew));
	}

}
