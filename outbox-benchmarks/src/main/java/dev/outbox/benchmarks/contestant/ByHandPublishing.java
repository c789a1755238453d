package dev.outbox.benchmarks.contestant;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;

import tools.jackson.databind.json.JsonMapper;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * One INSERT for all events, which are sent right after the commit.
 */
final class ByHandPublishing implements Publishing {

	private final JdbcTemplate jdbc;

	private final JsonMapper mapper;

	private final ByHandSender sender;

	ByHandPublishing(JdbcTemplate jdbc, JsonMapper mapper, ByHandSender sender) {
		this.jdbc = jdbc;
		this.mapper = mapper;
		this.sender = sender;
	}

	@Override
	public void publish(List<Change> changes) {
		List<ByHandRow> rows = changes.stream()
			.map((change) -> new ByHandRow(UUID.randomUUID().toString(), change.key(),
					this.mapper.writeValueAsString(change)))
			.toList();
		List<Object> values = new ArrayList<>();
		rows.forEach((row) -> Collections.addAll(values, row.id(), row.key(), row.payload()));
		this.jdbc.update("INSERT INTO by_hand (id, partition_key, payload) VALUES "
				+ String.join(", ", Collections.nCopies(rows.size(), "(?, ?, ?)")), values.toArray());
		TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

			@Override
			public void afterCommit() {
				rows.forEach(ByHandPublishing.this.sender::send);
			}

		});
	}

}
