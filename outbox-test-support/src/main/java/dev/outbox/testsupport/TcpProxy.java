package dev.outbox.testsupport;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

/**
 * Stands between clients and a server on this host, and disturbs their connections on
 * demand. One disturbance at a time.
 */
public final class TcpProxy implements AutoCloseable {

	private static final int BUFFER = 65_536;

	private final ServerSocket socket;

	private final Set<Link> links = ConcurrentHashMap.newKeySet();

	private volatile int target;

	private volatile boolean cut;

	private volatile boolean silent;

	private volatile Duration delay = Duration.ZERO;

	private TcpProxy(ServerSocket socket) {
		this.socket = socket;
	}

	/**
	 * Start a proxy on a free port, without a server yet.
	 * @return the proxy
	 */
	public static TcpProxy start() {
		try {
			TcpProxy proxy = new TcpProxy(new ServerSocket(FreePort.find(), 0, InetAddress.getByName("localhost")));
			run(proxy::accept);
			return proxy;
		}
		catch (IOException ex) {
			throw new UncheckedIOException("The proxy could not be started", ex);
		}
	}

	private static void run(Runnable task) {
		Thread thread = new Thread(task, "tcp-proxy");
		thread.setDaemon(true);
		thread.start();
	}

	/**
	 * The port for clients.
	 * @return the port
	 */
	public int port() {
		return this.socket.getLocalPort();
	}

	/**
	 * Say where the server is.
	 * @param port the port of the server on this host
	 */
	public void forwardTo(int port) {
		this.target = port;
	}

	/**
	 * Reset all connections, and new ones as soon as they are made, until it is healed.
	 */
	public void cut() {
		this.cut = true;
		this.links.forEach(Link::close);
	}

	/**
	 * Delay whatever passes, in each direction.
	 * @param delay by how much
	 */
	public void delay(Duration delay) {
		this.delay = delay;
	}

	/**
	 * Leave all connections half-open, and accept new ones of the kind: neither side
	 * learns that nothing comes through any more.
	 */
	public void silence() {
		this.silent = true;
		this.links.forEach((link) -> link.silent = true);
	}

	/**
	 * Let new connections pass again, undisturbed. Of those that were half-open the
	 * server is told now; the clients have to find out by themselves.
	 */
	public void heal() {
		this.cut = false;
		this.silent = false;
		this.delay = Duration.ZERO;
		this.links.stream().filter((link) -> link.silent).forEach(Link::closeServer);
	}

	private void accept() {
		while (!this.socket.isClosed()) {
			try {
				Link link = new Link(this.socket.accept());
				this.links.add(link);
				run(link::open);
			}
			catch (IOException ex) {
				// closed, or the client has gone already
			}
		}
	}

	@Override
	public void close() {
		try {
			this.socket.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException("The proxy could not be closed", ex);
		}
		finally {
			this.links.forEach(Link::close);
		}
	}

	/**
	 * A connection of a client, and the one to the server that belongs to it.
	 */
	private final class Link {

		private final Socket client;

		private volatile @Nullable Socket server;

		private volatile boolean silent;

		Link(Socket client) {
			this.client = client;
		}

		void open() {
			try {
				this.silent = TcpProxy.this.silent;
				if (TcpProxy.this.cut) {
					close();
				}
				else if (this.silent) {
					pass(this.client, OutputStream.nullOutputStream());
				}
				else {
					Socket server = new Socket(InetAddress.getByName("localhost"), TcpProxy.this.target);
					this.server = server;
					server.setTcpNoDelay(true);
					this.client.setTcpNoDelay(true);
					run(() -> answer(server));
					pass(this.client, server.getOutputStream());
				}
			}
			catch (IOException ex) {
				// one of them has gone
			}
			finally {
				close();
			}
		}

		private void answer(Socket server) {
			try {
				pass(server, this.client.getOutputStream());
			}
			catch (IOException ex) {
				// one of them has gone
			}
			finally {
				if (!this.silent) {
					close();
				}
			}
		}

		private void pass(Socket from, OutputStream to) throws IOException {
			byte[] buffer = new byte[BUFFER];
			InputStream in = from.getInputStream();
			for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
				LockSupport.parkNanos(TcpProxy.this.delay.toNanos());
				if (!this.silent) {
					to.write(buffer, 0, length);
				}
			}
		}

		void closeServer() {
			close(this.server);
		}

		void close() {
			TcpProxy.this.links.remove(this);
			close(this.client);
			close(this.server);
		}

		private static void close(@Nullable Socket socket) {
			try {
				if (socket != null) {
					socket.setSoLinger(true, 0);
					socket.close();
				}
			}
			catch (IOException ex) {
				// closed by the other side
			}
		}

	}

}
