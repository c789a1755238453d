package dev.outbox.faults;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;

import dev.outbox.OutboxEventPublisher;
import dev.outbox.autoconfigure.OutboxIdentity;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * An instance of an application that uses the outbox, in a JVM of its own: obeys its
 * {@link Orders} until it is killed.
 */
public final class InstanceProgram {

	/**
	 * Said when it is there, followed by its name.
	 */
	static final String READY = "Ready: ";

	private static final long LOOK = 20_000_000;

	private InstanceProgram() {
	}

	/**
	 * Run.
	 * @param args the file of the orders, the one for the answers, the prefix of the
	 * topics, and the properties
	 * @throws Exception if it fails
	 */
	public static void main(String[] args) throws Exception {
		SkewedClock.install();
		String[] properties = Arrays.copyOfRange(args, 3, args.length);
		try (ConfigurableApplicationContext application = new SpringApplicationBuilder(Application.class)
			.web(WebApplicationType.NONE)
			.registerShutdownHook(false)
			.properties(properties)
			.run()) {
			Load load = application.getBean(Load.class);
			Runtime.getRuntime().addShutdownHook(new Thread(() -> end(application, load)));
			System.out.println(READY + application.getBean(OutboxIdentity.class).instance());
			obey(load, Path.of(args[0]), Path.of(args[1]), args[2]);
		}
	}

	// As a web application ends: first its requests, then what serves them.
	private static void end(ConfigurableApplicationContext application, Load load) {
		try {
			load.stop();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		application.close();
	}

	private static void obey(Load load, Path orders, Path answers, String prefix) throws InterruptedException {
		Orders done = Orders.rest(0);
		Answer said = null;
		while (true) {
			Orders next = Orders.read(orders);
			if (next.number() != done.number()) {
				SkewedClock.skew(next.skew());
				if (!next.fault().equals(done.fault())) {
					load.stop();
					if (!next.isRest()) {
						load.start(LedgerEventType.of(prefix, next.fault()), next.seed(),
								Fault.valueOf(next.fault()).apart());
					}
				}
				done = next;
			}
			Answer answer = new Answer(done.number(), load.longest().toMillis());
			if (!answer.equals(said)) {
				answer.write(answers);
				said = answer;
			}
			LockSupport.parkNanos(LOOK);
		}
	}

	/**
	 * The application.
	 */
	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		Load load(JdbcTemplate jdbc, PlatformTransactionManager manager, OutboxEventPublisher publisher) {
			return new Load(new Ledger(jdbc, manager, publisher));
		}

	}

}
