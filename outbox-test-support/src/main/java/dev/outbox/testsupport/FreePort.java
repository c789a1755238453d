package dev.outbox.testsupport;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Finds ports for servers that must be able to come back on the same port.
 */
final class FreePort {

	private static final int LOWEST = 20_000;

	private static final int BELOW_EPHEMERAL_PORTS = 32_000;

	private static final Set<Integer> FOUND = ConcurrentHashMap.newKeySet();

	private FreePort() {
	}

	/**
	 * Find a port on which nothing listens. It is none of those which the system gives to
	 * outgoing connections, as such a connection could take it while the server is down,
	 * and none that was found before, where a server may be about to listen.
	 * @return the port
	 */
	static int find() {
		while (true) {
			int port = ThreadLocalRandom.current().nextInt(LOWEST, BELOW_EPHEMERAL_PORTS);
			if (!FOUND.add(port)) {
				continue;
			}
			try (ServerSocket socket = new ServerSocket(port)) {
				return socket.getLocalPort();
			}
			catch (IOException ex) {
				// taken, so try another
			}
		}
	}

}
