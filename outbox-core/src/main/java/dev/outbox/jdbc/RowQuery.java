package dev.outbox.jdbc;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import dev.outbox.OutboxException;
import dev.outbox.OutboxOperations;
import dev.outbox.RowFilter;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.ArgumentPreparedStatementSetter;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.RowMapperResultSetExtractor;

/**
 * Reads one page of rows in the order of their ids.
 *
 * @param <T> what a row becomes
 */
final class RowQuery<T> {

	private final OutboxJdbc jdbc;

	private final String rows;

	private final String since;

	private final RowMapper<T> mapper;

	// What is selected begins with "SELECT" and ends with the table, whose column "since"
	// tells the age.
	RowQuery(OutboxJdbc jdbc, String rows, String since, RowMapper<T> mapper) {
		this.jdbc = jdbc;
		this.rows = rows;
		this.since = since;
		this.mapper = mapper;
	}

	List<T> page(RowFilter filter, long after, int limit) {
		if (limit < 1 || limit > OutboxOperations.MOST_ROWS) {
			throw new OutboxException("A page has 1 to %d rows, not %d".formatted(OutboxOperations.MOST_ROWS, limit));
		}
		if (filter.topic() != null && !StandardCharsets.US_ASCII.newEncoder().canEncode(filter.topic())) {
			// No topic has such a name, and MariaDB would refuse to compare it.
			return List.of();
		}
		StringBuilder sql = new StringBuilder(this.rows);
		List<Object> arguments = new ArrayList<>();
		sql.append(" WHERE outbox_id > ?");
		arguments.add(after);
		equal("event_type", filter.eventType(), sql, arguments);
		equal("topic", filter.topic(), sql, arguments);
		equal("partition_key", filter.partitionKey(), sql, arguments);
		equal("event_id", filter.eventId(), sql, arguments);
		if (filter.minAge() != null) {
			sql.append(" AND ").append(this.since).append(" <= ").append(this.jdbc.dialect().later());
			arguments.add(-filter.minAge().toMillis());
		}
		sql.append(" ORDER BY outbox_id LIMIT ?");
		arguments.add(limit);
		return this.jdbc.read(this.jdbc.sql(sql.toString()), new ArgumentPreparedStatementSetter(arguments.toArray()),
				new RowMapperResultSetExtractor<>(this.mapper));
	}

	private static void equal(String column, @Nullable Object value, StringBuilder sql, List<Object> arguments) {
		if (value != null) {
			sql.append(" AND ").append(column).append(" = ?");
			arguments.add(value.toString());
		}
	}

}
