package dev.outbox.benchmarks.contestant;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import com.gruelbox.transactionoutbox.Dialect;
import com.gruelbox.transactionoutbox.Persistor;
import com.gruelbox.transactionoutbox.SpringInstantiator;
import com.gruelbox.transactionoutbox.SpringTransactionManager;
import com.gruelbox.transactionoutbox.SpringTransactionOutboxConfiguration;
import com.gruelbox.transactionoutbox.Submitter;
import com.gruelbox.transactionoutbox.TransactionOutbox;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.jdbc.DatabaseDriver;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;

/**
 * Gruelbox's transaction outbox: each event is a call that is made after the commit, in a
 * transaction of its own, on one of as many threads as do transactions.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@EnableScheduling
@Import(SpringTransactionOutboxConfiguration.class)
class Gruelbox {

	private static final int THREADS = 16;

	@Bean(destroyMethod = "shutdownNow")
	ExecutorService gruelboxThreads() {
		return Executors.newFixedThreadPool(THREADS);
	}

	@Bean
	TransactionOutbox outbox(SpringTransactionManager manager, SpringInstantiator instantiator,
			ExecutorService gruelboxThreads, @Value("${spring.datasource.url}") String url) {
		Dialect dialect = (DatabaseDriver.fromJdbcUrl(url) == DatabaseDriver.POSTGRESQL) ? Dialect.POSTGRESQL_9
				: Dialect.MY_SQL_8;
		return TransactionOutbox.builder()
			.transactionManager(manager)
			.instantiator(instantiator)
			.persistor(Persistor.forDialect(dialect))
			.submitter(Submitter.withExecutor(gruelboxThreads))
			.build();
	}

	@Bean
	Publishing publishing(TransactionOutbox outbox, JsonMapper mapper) {
		return (changes) -> changes
			.forEach((change) -> outbox.schedule(Sender.class).send(change.key(), mapper.writeValueAsString(change)));
	}

	@Bean
	Sender sender(KafkaTemplate<String, String> template, @Value("${benchmark.topic}") String topic) {
		return new Sender(template, topic);
	}

	@Bean
	Flushing flushing(TransactionOutbox outbox) {
		return new Flushing(outbox);
	}

	/**
	 * Tries again what has failed.
	 *
	 * @param outbox the outbox
	 */
	record Flushing(TransactionOutbox outbox) {

		@Scheduled(fixedDelay = 1000)
		void flush() {
			this.outbox.flush();
		}

	}

	/**
	 * Sends.
	 */
	static class Sender {

		private final KafkaTemplate<String, String> template;

		private final String topic;

		Sender(KafkaTemplate<String, String> template, String topic) {
			this.template = template;
			this.topic = topic;
		}

		void send(String key, String payload) {
			CompletableFuture<?> sent = this.template.send(this.topic, key, payload);
			sent.join();
		}

	}

}
