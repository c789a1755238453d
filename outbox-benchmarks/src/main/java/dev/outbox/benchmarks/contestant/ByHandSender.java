package dev.outbox.benchmarks.contestant;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Sends, and deletes in batches what is acknowledged. At its start it sends what it finds
 * in the table.
 */
final class ByHandSender {

	private static final int BATCH = 1000;

	// As this outbox does.
	private static final Duration APART = Duration.ofMillis(200);

	private final BlockingQueue<String> acknowledged = new LinkedBlockingQueue<>();

	private final Thread sending = new Thread(this::sendFound, "by-hand-sending");

	private final Thread deleting = new Thread(this::delete, "by-hand-deleting");

	private final JdbcTemplate jdbc;

	private final Producer<String, String> producer;

	private final String topic;

	ByHandSender(JdbcTemplate jdbc, Producer<String, String> producer, String topic) {
		this.jdbc = jdbc;
		this.producer = producer;
		this.topic = topic;
	}

	void start() {
		this.sending.start();
		this.deleting.start();
	}

	void stop() {
		this.sending.interrupt();
		this.deleting.interrupt();
	}

	@SuppressWarnings("FutureReturnValueIgnored")
	void send(ByHandRow row) {
		this.producer.send(new ProducerRecord<>(this.topic, row.key(), row.payload()), (metadata, failure) -> {
			if (failure == null) {
				this.acknowledged.add(row.id());
			}
		});
	}

	// What was committed by this instance meanwhile may be found and sent twice.
	private void sendFound() {
		String last = "";
		List<ByHandRow> page;
		do {
			page = this.jdbc.query(
					"SELECT id, partition_key, payload FROM by_hand WHERE id > ? ORDER BY id LIMIT " + BATCH,
					(row, number) -> new ByHandRow(row.getString(1), row.getString(2), row.getString(3)), last);
			page.forEach(this::send);
			last = page.isEmpty() ? last : page.get(page.size() - 1).id();
		}
		while (page.size() == BATCH);
	}

	private void delete() {
		List<String> batch = new ArrayList<>();
		try {
			while (true) {
				batch.add(this.acknowledged.take());
				this.acknowledged.drainTo(batch, BATCH - 1);
				int size = batch.size();
				// Few texts of statements.
				int padded = Math.min(BATCH, Integer.highestOneBit(2 * size - 1));
				batch.addAll(Collections.nCopies(padded - size, batch.get(0)));
				this.jdbc.update(
						"DELETE FROM by_hand WHERE id IN (" + String.join(", ", Collections.nCopies(padded, "?")) + ")",
						batch.toArray());
				batch.clear();
				if (size < BATCH) {
					TimeUnit.MILLISECONDS.sleep(APART.toMillis());
				}
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
