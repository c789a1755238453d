package dev.outbox.benchmarks.contestant;

import java.io.EOFException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.net.Socket;
import java.util.Arrays;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * A contestant in a JVM of its own: carries out every {@link Load} that it is sent and
 * answers with its {@link Commits}, until the connection ends.
 */
public final class ContestantProgram {

	private ContestantProgram() {
	}

	/**
	 * Run.
	 * @param args the port to connect to, the contestant's name, and the properties
	 * @throws Exception if it fails
	 */
	public static void main(String[] args) throws Exception {
		try (Socket socket = new Socket("localhost", Integer.parseInt(args[0]));
				ObjectOutputStream out = new ObjectOutputStream(socket.getOutputStream())) {
			long started = Micros.now();
			try (ConfigurableApplicationContext application = new SpringApplicationBuilder(
					Contestant.valueOf(args[1]).application())
				.web(WebApplicationType.NONE)
				.properties(Arrays.copyOfRange(args, 2, args.length))
				.run()) {
				out.writeObject(new Ready(ProcessHandle.current().pid(), started, Micros.now()));
				out.flush();
				obey(new LedgerLoad(application.getBean(JdbcTemplate.class),
						application.getBean(PlatformTransactionManager.class), application.getBean(Publishing.class)),
						new ObjectInputStream(socket.getInputStream()), out);
			}
		}
	}

	private static void obey(LedgerLoad ledger, ObjectInputStream in, ObjectOutputStream out) throws Exception {
		try {
			while (true) {
				out.writeObject(ledger.run((Load) in.readObject()));
				out.reset();
				out.flush();
			}
		}
		catch (EOFException ex) {
			// this is how it is told to end
		}
	}

}
