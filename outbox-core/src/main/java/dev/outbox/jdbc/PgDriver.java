package dev.outbox.jdbc;

import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.IntUnaryOperator;

import org.postgresql.PGStatement;

import org.springframework.util.ClassUtils;

/**
 * What only PostgreSQL's own driver can be told. Others do as they do.
 */
final class PgDriver {

	private static final boolean PRESENT = ClassUtils.isPresent("org.postgresql.PGStatement",
			PgDriver.class.getClassLoader());

	private PgDriver() {
	}

	// From the how manieth time on the server is to keep the statement, 0 for never, by
	// what the connection has as its own.
	static void setPrepareThreshold(Statement statement, IntUnaryOperator threshold) throws SQLException {
		if (PRESENT && statement.isWrapperFor(PGStatement.class)) {
			PGStatement own = statement.unwrap(PGStatement.class);
			own.setPrepareThreshold(threshold.applyAsInt(own.getPrepareThreshold()));
		}
	}

}
