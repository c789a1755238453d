package dev.outbox.jdbc;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;

import dev.outbox.store.PendingQuery;

/**
 * One search for each key, by the index of the keys.
 */
final class PendingByUnion implements PendingSearch {

	private static final int MOST_QUERIES = 64;

	private static final String SEARCH = """
			(SELECT outbox_id, event_id, topic, partition_key FROM ${prefix}outbox \
			WHERE partition_key = ? AND topic = ? AND outbox_id > ? ORDER BY outbox_id LIMIT ?)""";

	@Override
	public int mostQueries() {
		return MOST_QUERIES;
	}

	@Override
	public String sql(int queries) {
		return String.join(" UNION ALL ", Collections.nCopies(queries, SEARCH));
	}

	@Override
	public ResultSet execute(PreparedStatement statement, List<PendingQuery> queries) throws SQLException {
		int index = 1;
		for (PendingQuery query : queries) {
			statement.setString(index++, query.key().partitionKey());
			statement.setString(index++, query.key().topic());
			statement.setLong(index++, query.after());
			statement.setInt(index++, query.limit());
		}
		return statement.executeQuery();
	}

}
