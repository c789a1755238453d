package dev.outbox.test;

import java.util.Arrays;
import java.util.concurrent.CountDownLatch;

import org.springframework.context.ConfigurableApplicationContext;

/**
 * An instance of the application that does nothing but relay.
 */
public final class RelayProgram {

	private RelayProgram() {
	}

	/**
	 * Run.
	 * @param args the JDBC URL, the bootstrap servers and the properties
	 * @throws Exception if it fails
	 */
	public static void main(String[] args) throws Exception {
		String[] properties = Arrays.copyOfRange(args, 2, args.length);
		try (ConfigurableApplicationContext application = LedgerApplication.start(args[0], args[1], properties)) {
			System.out.println(application.getApplicationName() + " has started");
			new CountDownLatch(1).await();
		}
	}

}
