package dev.outbox.jdbc;

import java.time.Duration;

import dev.outbox.relay.RelayLock;

import org.springframework.jdbc.core.ArgumentPreparedStatementSetter;

/**
 * The relay's lock: one row of table {@code outbox_lock}, held until a time by the
 * database's clock.
 *
 * @since 0.1
 */
public final class JdbcRelayLock implements RelayLock {

	/**
	 * Tells 1 if sending is paused for the whole application, else 0. The row is there as
	 * long as it is.
	 */
	static final String PAUSED = "(SELECT COUNT(*) FROM ${prefix}outbox_lock WHERE lock_name = 'paused')";

	private static final String NAME = "relay";

	private final OutboxJdbc jdbc;

	private final String look;

	private final String acquire;

	private final String release;

	/**
	 * Create a lock.
	 * @param jdbc the database
	 */
	public JdbcRelayLock(OutboxJdbc jdbc) {
		this.jdbc = jdbc;
		String now = jdbc.dialect().now();
		String free = "lock_name = ? AND (locked_by = ? OR locked_until < %s OR locked_until > %s)".formatted(now,
				jdbc.dialect().later());
		this.look = jdbc.sql("SELECT (SELECT COUNT(*) FROM ${prefix}outbox_lock WHERE %s), %s".formatted(free, PAUSED));
		this.acquire = jdbc.sql("UPDATE ${prefix}outbox_lock SET locked_by = ?, locked_until = %s WHERE %s"
			.formatted(jdbc.dialect().later(), free));
		this.release = jdbc
			.sql("UPDATE ${prefix}outbox_lock SET locked_until = %s WHERE lock_name = ? AND locked_by = ?"
				.formatted(now));
	}

	@Override
	public Look look(Duration lease) {
		Object[] arguments = { NAME, this.jdbc.instance(), tooFar(lease) };
		return this.jdbc.read(this.look, new ArgumentPreparedStatementSetter(arguments), (row) -> {
			row.next();
			return new Look(row.getInt(1) > 0, row.getInt(2) > 0);
		});
	}

	@Override
	public boolean acquire(Duration lease) {
		return this.jdbc.write(this.acquire, this.jdbc.instance(), lease.toMillis(), NAME, this.jdbc.instance(),
				tooFar(lease)) == 1;
	}

	// An end that lies too far in the future was set while the database's clock was
	// wrong.
	private static long tooFar(Duration lease) {
		return lease.multipliedBy(2).toMillis();
	}

	@Override
	public void release() {
		this.jdbc.write(this.release, NAME, this.jdbc.instance());
	}

}
