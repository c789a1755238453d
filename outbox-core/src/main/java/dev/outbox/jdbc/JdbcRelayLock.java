package dev.outbox.jdbc;

import java.time.Duration;

import dev.outbox.relay.RelayLock;

/**
 * The relay's lock: one row of table {@code outbox_lock}, held until a time by the
 * database's clock.
 *
 * @since 0.1
 */
public final class JdbcRelayLock implements RelayLock {

	private static final String NAME = "relay";

	private final OutboxJdbc jdbc;

	private final String acquire;

	private final String release;

	/**
	 * Create a lock.
	 * @param jdbc the database
	 */
	public JdbcRelayLock(OutboxJdbc jdbc) {
		this.jdbc = jdbc;
		String now = jdbc.dialect().now();
		this.acquire = jdbc.sql("""
				UPDATE ${prefix}outbox_lock SET locked_by = ?, locked_until = %s
				WHERE lock_name = ? AND (locked_by = ? OR locked_until < %s OR locked_until > %s)"""
			.formatted(jdbc.dialect().later(), now, jdbc.dialect().later()));
		this.release = jdbc
			.sql("UPDATE ${prefix}outbox_lock SET locked_until = %s WHERE lock_name = ? AND locked_by = ?"
				.formatted(now));
	}

	@Override
	public boolean acquire(Duration lease) {
		// An end that lies too far in the future was set while the database's clock was
		// wrong.
		return this.jdbc.write(this.acquire, this.jdbc.instance(), lease.toMillis(), NAME, this.jdbc.instance(),
				lease.multipliedBy(2).toMillis()) == 1;
	}

	@Override
	public void release() {
		this.jdbc.write(this.release, NAME, this.jdbc.instance());
	}

}
