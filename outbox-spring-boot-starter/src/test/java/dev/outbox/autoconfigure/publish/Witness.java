package dev.outbox.autoconfigure.publish;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.h2.api.Trigger;
import org.jspecify.annotations.Nullable;

/**
 * Sees, from inside the database, what the accounts' balances are at the moment in which
 * an event is inserted. What is seen is written, and so its row is locked.
 */
public final class Witness implements Trigger {

	static final List<Long> SEEN = new CopyOnWriteArrayList<>();

	@Override
	public void fire(Connection connection, Object @Nullable [] before, Object @Nullable [] after) throws SQLException {
		try (Statement statement = connection.createStatement();
				ResultSet result = statement.executeQuery("SELECT SUM(balance) FROM account")) {
			result.next();
			SEEN.add(result.getLong(1));
		}
	}

}
