package dev.outbox.benchmarks.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.IntStream;

import dev.outbox.benchmarks.contestant.Contestant;
import dev.outbox.benchmarks.contestant.Load;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

import static org.awaitility.Awaitility.await;

/**
 * A contestant's database and topic, which all its instances share.
 */
final class Site implements AutoCloseable {

	private static final int PARTITIONS = 6;

	// The threads of the load, which instances share, and some for what a contestant does
	// besides.
	private static final int POOL = 24;

	private static final int SMALLEST_POOL = 8;

	private static final String HEAP = "-Xmx512m";

	private final Contestant contestant;

	private final Servers servers;

	private final int instances;

	private final String url;

	private final String topic;

	private final SingleConnectionDataSource connection;

	private final JdbcTemplate jdbc;

	Site(Contestant contestant, Servers servers, int instances) {
		this.contestant = contestant;
		this.servers = servers;
		this.instances = instances;
		this.url = servers.database().create();
		this.topic = "benchmark-" + contestant.name().toLowerCase(Locale.ROOT) + "-"
				+ UUID.randomUUID().toString().substring(0, 8);
		servers.broker().createTopic(this.topic, PARTITIONS);
		this.connection = new SingleConnectionDataSource(
				this.url + "&reWriteBatchedInserts=true&rewriteBatchedStatements=true", true);
		this.jdbc = new JdbcTemplate(this.connection);
		this.jdbc.execute("CREATE TABLE ledger (account INTEGER PRIMARY KEY, sequence BIGINT NOT NULL)");
		this.jdbc.execute("CREATE TABLE by_hand (id VARCHAR(36) PRIMARY KEY, partition_key VARCHAR(255) NOT NULL, "
				+ "payload TEXT NOT NULL)");
		this.jdbc.batchUpdate("INSERT INTO ledger VALUES (?, 0)",
				IntStream.range(0, Load.ACCOUNTS).mapToObj((account) -> new Object[] { account }).toList());
	}

	Instance launch() {
		return launch(HEAP);
	}

	Instance launch(String heap) {
		List<String> properties = new ArrayList<>(List.of("spring.application.name=" + this.topic,
				"spring.main.banner-mode=off", "spring.datasource.url=" + this.url,
				"spring.datasource.hikari.maximum-pool-size=" + Math.max(SMALLEST_POOL, POOL / this.instances),
				// The processor time of a connection that has ended is not known.
				"spring.datasource.hikari.max-lifetime=0",
				"spring.kafka.bootstrap-servers=" + this.servers.broker().bootstrapServers(),
				"spring.kafka.producer.acks=all", "benchmark.contestant=" + this.contestant.name(),
				"benchmark.topic=" + this.topic));
		properties.addAll(this.contestant.properties());
		return new Instance(this.contestant, heap, properties);
	}

	int instances() {
		return this.instances;
	}

	Receiver receive(int run) {
		return new Receiver(this.servers.broker().bootstrapServers(), this.topic, run);
	}

	Contestant contestant() {
		return this.contestant;
	}

	String title() {
		return (this.instances > 1) ? this.contestant.title() + ", " + this.instances + " instances"
				: this.contestant.title();
	}

	JdbcTemplate jdbc() {
		return this.jdbc;
	}

	String topic() {
		return this.topic;
	}

	// How many statements the server has executed for this database, those of
	// transactions included, but for those by which it is asked.
	long statements() {
		return this.servers.statements(this.url.replaceFirst("jdbc:[^/]+//[^/]+/([^?]*).*", "$1"));
	}

	// Waits until all rows are gone, and deletes what is left after the patience.
	void awaitEmpty(Duration patience) {
		if (this.contestant.pending().isEmpty()) {
			return;
		}
		String sql = "SELECT COUNT(*) FROM " + this.contestant.pending();
		long end = System.nanoTime() + patience.toNanos();
		await().pollInterval(Duration.ofMillis(100))
			.atMost(patience.plusSeconds(30))
			.until(() -> Long.valueOf(0).equals(this.jdbc.queryForObject(sql, Long.class))
					|| System.nanoTime() - end >= 0);
		this.jdbc.update("DELETE FROM " + this.contestant.pending());
	}

	@Override
	public void close() {
		this.connection.destroy();
	}

}
