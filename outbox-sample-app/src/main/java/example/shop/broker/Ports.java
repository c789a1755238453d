package example.shop.broker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/**
 * Finds ports to listen at.
 */
final class Ports {

	private Ports() {
	}

	/**
	 * Choose the wanted port, or another one if it is taken.
	 * @param wanted the port, 0 for any
	 * @return a port that is free
	 */
	static int freeOr(int wanted) {
		try {
			return bind(wanted);
		}
		catch (IOException ex) {
			return free();
		}
	}

	static int free() {
		try {
			return bind(0);
		}
		catch (IOException ex) {
			throw new UncheckedIOException("No port is free", ex);
		}
	}

	/**
	 * Choose a port beside another one that is only going to be used.
	 * @param other the other one
	 * @return a port that is free
	 */
	static int freeBeside(int other) {
		int port = free();
		return (port != other) ? port : freeBeside(other);
	}

	private static int bind(int port) throws IOException {
		try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getByName("localhost"))) {
			return socket.getLocalPort();
		}
	}

}
