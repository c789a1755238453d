package dev.outbox.jdbc;

import java.sql.SQLException;
import java.sql.Statement;

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

	// Has the server plan the statement anew each time.
	static void keepNothing(Statement statement) throws SQLException {
		if (isOf(statement)) {
			statement.unwrap(PGStatement.class).setPrepareThreshold(0);
		}
	}

	// Has the server keep the statement from the first time on, unless the application
	// does not want it to keep any.
	static void keepAtOnce(Statement statement) throws SQLException {
		if (isOf(statement)) {
			PGStatement kept = statement.unwrap(PGStatement.class);
			kept.setPrepareThreshold(Math.min(1, kept.getPrepareThreshold()));
		}
	}

	private static boolean isOf(Statement statement) throws SQLException {
		return PRESENT && statement.isWrapperFor(PGStatement.class);
	}

}
