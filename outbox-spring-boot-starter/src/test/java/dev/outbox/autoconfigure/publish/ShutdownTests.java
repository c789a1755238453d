package dev.outbox.autoconfigure.publish;

import java.util.Map;

import javax.sql.DataSource;

import org.junit.jupiter.api.Test;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The end of the application. Its web server and its listeners stop before the outbox,
 * and their last transactions publish.
 */
class ShutdownTests {

	@Test
	void whatIsPublishedWhileTheApplicationStopsIsSentAndClearedBeforeTheEnd() {
		ConfigurableApplicationContext application = new SpringApplicationBuilder(SendingTests.Application.class,
				LastWords.class)
			.web(WebApplicationType.NONE)
			.properties("spring.application.name=shutdown", "spring.jpa.hibernate.ddl-auto=create",
					"outbox.confirmation.mode=ack", "spring.kafka.bootstrap-servers=localhost:1")
			.run();
		RecordingChannel kafka = application.getBean(RecordingChannel.class);
		DataSource database = application.getBean(DataSource.class);
		application.close();
		assertThat(kafka.keys()).containsExactly("last words");
		assertThat(new JdbcTemplate(database).queryForList("SELECT * FROM outbox")).isEmpty();
	}

	/**
	 * Publishes when the web server would have stopped.
	 */
	static final class LastWords implements SmartLifecycle {

		private final SendingTests.Service service;

		private boolean running;

		LastWords(SendingTests.Service service) {
			this.service = service;
		}

		@Override
		public void start() {
			this.running = true;
		}

		@Override
		public void stop() {
			this.service.buy("last words", Map.of());
			this.running = false;
		}

		@Override
		public boolean isRunning() {
			return this.running;
		}

		@Override
		public int getPhase() {
			return DEFAULT_PHASE - 2048;
		}

	}

}
