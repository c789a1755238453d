package dev.outbox.test;

import java.util.Arrays;
import java.util.concurrent.CountDownLatch;

import org.springframework.context.ConfigurableApplicationContext;

/**
 * An instance of the application in a JVM of its own: makes some changes, says so, and
 * stays until it is killed.
 */
public final class LedgerProgram {

	/**
	 * Said when all changes are committed.
	 */
	static final String COMMITTED = "All changes are committed";

	private LedgerProgram() {
	}

	/**
	 * Run.
	 * @param args the JDBC URL, the bootstrap servers, the number of changes and the
	 * properties
	 * @throws Exception if it fails
	 */
	public static void main(String[] args) throws Exception {
		String[] properties = Arrays.copyOfRange(args, 3, args.length);
		try (ConfigurableApplicationContext application = LedgerApplication.start(args[0], args[1], properties)) {
			application.getBean(Ledger.class).run(8, 100, Integer.parseInt(args[2]), 7);
			System.out.println(COMMITTED);
			new CountDownLatch(1).await();
		}
	}

}
