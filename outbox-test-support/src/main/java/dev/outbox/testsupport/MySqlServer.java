package dev.outbox.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import org.opentest4j.TestAbortedException;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.mysql.MySQLContainer;

/**
 * A MySQL server, with as many empty databases as the tests ask for. Unlike the others it
 * cannot be had as a library: it is the one that the system property
 * {@code outbox.test.mysql.url} names by the JDBC URL of a user who may do everything, or
 * else a container.
 */
public final class MySqlServer implements DatabaseServer {

	private static final String URL = "outbox.test.mysql.url";

	private static final String NOT_AVAILABLE = "MySQL: not available, its tests are skipped: set -D%s or start Docker"
		.formatted(URL);

	private static final String URL_PARTS = "(jdbc:mysql://[^/]+/)[^?]*(.*)";

	private static final Duration START = Duration.ofSeconds(60);

	private static @Nullable MySqlServer shared;

	private static boolean missing;

	private final String url;

	private final TestDatabases databases;

	private final List<String> command = new ArrayList<>();

	private @Nullable ProcessTree process;

	private MySqlServer(String url) {
		this.url = url;
		this.databases = new TestDatabases(this::jdbcUrl, "mysql");
		Runtime.getRuntime().addShutdownHook(new Thread(this.databases::dropAll));
	}

	/**
	 * The one server for all tests.
	 * @return the server
	 * @throws TestAbortedException if there is none, so that the test is skipped
	 * @throws IllegalStateException if there is none and the system property
	 * {@code outbox.test.servers} is {@code required}
	 */
	public static synchronized MySqlServer shared() {
		if (shared == null && !missing) {
			shared = findUrl().map(MySqlServer::new).orElse(null);
			missing = shared == null;
			if (missing) {
				System.out.println(NOT_AVAILABLE);
			}
		}
		if (shared == null) {
			boolean required = "required".equals(System.getProperty("outbox.test.servers"));
			throw required ? new IllegalStateException(NOT_AVAILABLE) : new TestAbortedException(NOT_AVAILABLE);
		}
		return shared;
	}

	private static Optional<String> findUrl() {
		String url = System.getProperty(URL);
		if (url == null && DockerClientFactory.instance().isDockerAvailable()) {
			url = startContainer();
		}
		return Optional.ofNullable(url);
	}

	// Testcontainers removes the container when this JVM ends.
	@SuppressWarnings("resource")
	private static String startContainer() {
		MySQLContainer container = new MySQLContainer("mysql:9.7").withUsername("root");
		container.start();
		return container.getJdbcUrl()
				+ "?user=root&password=%s&allowPublicKeyRetrieval=true&useSSL=false".formatted(container.getPassword());
	}

	/**
	 * The JDBC URL of a database of this server, whether it exists or not.
	 * @param database the database's name
	 * @return the URL with the user and the password
	 */
	public String jdbcUrl(String database) {
		return this.url.replaceFirst(URL_PARTS, "$1" + database + "$2");
	}

	@Override
	public String createDatabase() {
		return this.databases.create();
	}

	@Override
	public void kill() {
		process().kill();
	}

	@Override
	public void restart() {
		ProcessTree process = process();
		if (process.root().isAlive()) {
			process.kill();
		}
		this.process = null;
		try {
			new ProcessBuilder(this.command).redirectErrorStream(true).redirectOutput(Redirect.DISCARD).start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException("MySQL could not be started again", ex);
		}
		if (!Wait.until(START, this.databases::answer)) {
			throw new IllegalStateException("MySQL was started again and does not answer");
		}
	}

	@Override
	public void pause() {
		process().signal("STOP");
	}

	@Override
	public void resume() {
		process().signal("CONT");
	}

	// Nothing, if it is in a container.
	@Override
	public Duration cpu() {
		Path pidFile = pidFile();
		return Files.exists(pidFile) ? ProcessTree.of(pidFile).cpu() : Duration.ZERO;
	}

	private Path pidFile() {
		return Path.of(this.databases.query("select @@pid_file"));
	}

	// The server was not started here. It has to be on this host, so that it can be found
	// and started in the same way.
	private ProcessTree process() {
		ProcessTree process = this.process;
		if (process == null) {
			Path pidFile = pidFile();
			if (!Files.exists(pidFile)) {
				throw new TestAbortedException("MySQL is in a container or on another host: its process is not known");
			}
			process = ProcessTree.of(pidFile);
			ProcessHandle.Info info = process.root().info();
			this.command.clear();
			this.command.add(info.command().orElseThrow());
			this.command.addAll(List.of(info.arguments().orElseThrow()));
			this.process = process;
		}
		return process;
	}

}
