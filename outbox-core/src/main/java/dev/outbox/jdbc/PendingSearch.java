package dev.outbox.jdbc;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

import dev.outbox.store.PendingQuery;

/**
 * A statement that asks for the pending rows of keys. Its plan may be kept.
 */
interface PendingSearch {

	/**
	 * How many queries one execution takes.
	 * @return their number
	 */
	int mostQueries();

	/**
	 * The text for a number of queries.
	 * @param queries how many
	 * @return the text, with a placeholder for the tables' prefix
	 */
	String sql(int queries);

	/**
	 * Execute it.
	 * @param statement the statement
	 * @param queries as many as it is for
	 * @return the rows that it finds
	 * @throws SQLException if the database fails
	 */
	ResultSet execute(PreparedStatement statement, List<PendingQuery> queries) throws SQLException;

}
