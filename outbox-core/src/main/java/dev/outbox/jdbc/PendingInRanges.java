package dev.outbox.jdbc;

import java.sql.Array;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;

import dev.outbox.store.PendingQuery;

/**
 * One search for each key, in a form for which PostgreSQL has one plan only, and keeps
 * it: to plan takes an idle machine as long as all the rest, but what is planned while
 * the table is empty has to do when it is full.
 */
final class PendingInRanges implements PendingSearch {

	private static final int MOST_QUERIES = 1000;

	// Without sorting no other index will do: none has the order by key and id, which a
	// condition that the key is equal to something would forgo. What such a range finds
	// is overestimated by far: that must neither have it planned anew nor compiled. All
	// four settings end with the transaction.
	private static final String SETTINGS = """
			SELECT set_config('enable_sort', 'off', true), set_config('enable_incremental_sort', 'off', true), \
			set_config('plan_cache_mode', 'force_generic_plan', true), set_config('jit', 'off', true);""";

	private static final String SEARCHES = """
			SELECT o.outbox_id, o.event_id, o.topic, o.partition_key
			FROM unnest(?::text[], ?::text[], ?::bigint[], ?::int[]) AS q(topic, partition_key, after_id, most)
			CROSS JOIN LATERAL (
				SELECT outbox_id, event_id, topic, partition_key FROM ${prefix}outbox
				WHERE (partition_key, outbox_id) > (q.partition_key, q.after_id)
					AND (partition_key, outbox_id) <= (q.partition_key, 9223372036854775807) AND topic = q.topic
				ORDER BY partition_key, outbox_id LIMIT q.most) o""";

	@Override
	public int mostQueries() {
		return MOST_QUERIES;
	}

	@Override
	public String sql(int queries) {
		return SETTINGS + SEARCHES;
	}

	@Override
	public ResultSet execute(PreparedStatement statement, List<PendingQuery> queries) throws SQLException {
		PgDriver.keepAtOnce(statement);
		statement.setArray(1, array(statement, "text", queries, (query) -> query.key().topic()));
		statement.setArray(2, array(statement, "text", queries, (query) -> query.key().partitionKey()));
		statement.setArray(3, array(statement, "bigint", queries, PendingQuery::after));
		statement.setArray(4, array(statement, "int", queries, PendingQuery::limit));
		statement.execute();
		// Behind what the settings answer.
		statement.getMoreResults();
		return statement.getResultSet();
	}

	private static Array array(PreparedStatement statement, String type, List<PendingQuery> queries,
			Function<PendingQuery, Object> value) throws SQLException {
		return statement.getConnection().createArrayOf(type, queries.stream().map(value).toArray());
	}

}
