package dev.outbox.testsupport;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link TcpProxy}.
 */
class TcpProxyTests {

	private static final int QUESTION = 42;

	private final TcpProxy proxy = TcpProxy.start();

	private ServerSocket server;

	@BeforeEach
	void startServer() throws IOException {
		this.server = new ServerSocket(0, 10, InetAddress.getByName("localhost"));
		this.proxy.forwardTo(this.server.getLocalPort());
		runOnDaemonThread(this::acceptAll);
	}

	@AfterEach
	void close() throws IOException {
		this.proxy.close();
		this.server.close();
	}

	@Test
	void bytesPassInBothDirections() throws IOException {
		try (Socket client = connect()) {
			assertThat(ask(client)).isEqualTo(QUESTION + 1);
			assertThat(ask(client)).isEqualTo(QUESTION + 1);
		}
	}

	@Test
	void cutResetsConnectionsUntilItIsHealed() throws IOException {
		try (Socket client = connect()) {
			ask(client);
			this.proxy.cut();
			assertThatExceptionOfType(SocketException.class).isThrownBy(() -> client.getInputStream().read());
		}
		assertThatExceptionOfType(SocketException.class).isThrownBy(() -> {
			try (Socket client = connect()) {
				client.getInputStream().read();
			}
		});
		this.proxy.heal();
		try (Socket client = connect()) {
			assertThat(ask(client)).isEqualTo(QUESTION + 1);
		}
	}

	@Test
	void delayHoldsWhatPasses() throws IOException {
		try (Socket client = connect()) {
			this.proxy.delay(Duration.ofMillis(100));
			long start = System.nanoTime();
			assertThat(ask(client)).isEqualTo(QUESTION + 1);
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(200));
		}
	}

	@Test
	void silentConnectionsStayOpenAndSilentEvenWhenItIsHealed() throws IOException {
		try (Socket before = connect()) {
			ask(before);
			this.proxy.silence();
			assertSilent(before);
			try (Socket during = connect()) {
				assertSilent(during);
				this.proxy.heal();
				assertSilent(before);
				assertSilent(during);
			}
			try (Socket after = connect()) {
				assertThat(ask(after)).isEqualTo(QUESTION + 1);
			}
		}
	}

	@Test
	void serverLearnsOfASilentConnectionWhenItIsHealed() throws Exception {
		try (ServerSocket other = new ServerSocket(0, 10, InetAddress.getByName("localhost"))) {
			this.proxy.forwardTo(other.getLocalPort());
			try (Socket client = connect(); Socket accepted = other.accept()) {
				client.getOutputStream().write(QUESTION);
				assertThat(accepted.getInputStream().read()).isEqualTo(QUESTION);
				this.proxy.silence();
				assertSilent(client);
				CompletableFuture<Integer> read = CompletableFuture.supplyAsync(() -> read(accepted));
				assertThat(read).isNotDone();
				this.proxy.heal();
				assertThat(read).succeedsWithin(Duration.ofSeconds(5)).isEqualTo(-1);
			}
		}
	}

	// The end of the stream and a reset are the same here.
	private static int read(Socket socket) {
		try {
			return socket.getInputStream().read();
		}
		catch (IOException ex) {
			return -1;
		}
	}

	private static void assertSilent(Socket client) {
		assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> {
			client.setSoTimeout(200);
			ask(client);
		});
	}

	private Socket connect() throws IOException {
		Socket client = new Socket(InetAddress.getByName("localhost"), this.proxy.port());
		client.setSoTimeout(5000);
		return client;
	}

	private static int ask(Socket client) throws IOException {
		client.getOutputStream().write(QUESTION);
		return client.getInputStream().read();
	}

	private void acceptAll() {
		try {
			while (true) {
				Socket client = this.server.accept();
				runOnDaemonThread(() -> answerAll(client));
			}
		}
		catch (IOException ex) {
			// closed
		}
	}

	private static void answerAll(Socket client) {
		try (client) {
			for (int question = client.getInputStream().read(); question >= 0; question = client.getInputStream()
				.read()) {
				client.getOutputStream().write(question + 1);
			}
		}
		catch (IOException ex) {
			// closed
		}
	}

	private static void runOnDaemonThread(Runnable task) {
		Thread thread = new Thread(task);
		thread.setDaemon(true);
		thread.start();
	}

}
