package dev.outbox.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.apache.commons.io.FileUtils;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL server in processes of its own, with as many empty databases as the tests
 * ask for.
 */
public final class PostgresServer implements DatabaseServer, AutoCloseable {

	private static final Duration START = Duration.ofSeconds(60);

	private static @Nullable PostgresServer shared;

	private final Path folder;

	private final int port;

	private final Map<String, String> settings;

	private final TestDatabases databases;

	private volatile EmbeddedPostgres postgres;

	private PostgresServer(Path folder, int port, Map<String, String> settings) {
		this.folder = folder;
		this.port = port;
		this.settings = settings;
		this.postgres = launch(folder, port, settings);
		this.databases = new TestDatabases(this::jdbcUrl, "postgres");
	}

	private static EmbeddedPostgres launch(Path folder, int port, Map<String, String> settings) {
		Path log = folder.resolve("postgres.log");
		EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder();
		settings.forEach(builder::setServerConfig);
		try {
			return builder.setDataDirectory(folder.resolve("data"))
				.setCleanDataDirectory(false)
				.setRegisterShutdownHook(false)
				.setPort(port)
				.setPGStartupWait(START)
				.setServerConfig("max_connections", "400")
				.setServerConfig("synchronous_commit", "on")
				.setServerConfig("shared_preload_libraries", "pg_stat_statements")
				.setOutputRedirector(Redirect.appendTo(log.toFile()))
				.start();
		}
		catch (IOException | RuntimeException ex) {
			throw new IllegalStateException("PostgreSQL did not start; its log is " + log, ex);
		}
	}

	/**
	 * Start a server with no data on a free port and wait until it answers.
	 * @return the server
	 * @throws IllegalStateException if it does not come up
	 */
	public static PostgresServer start() {
		return start(Map.of());
	}

	/**
	 * Start a server with settings of its own.
	 * @param settings names and values as in {@code postgresql.conf}
	 * @return the server
	 * @throws IllegalStateException if it does not come up
	 */
	public static PostgresServer start(Map<String, String> settings) {
		try {
			PostgresServer server = new PostgresServer(Files.createTempDirectory("outbox-postgres-"), FreePort.find(),
					settings);
			Runtime.getRuntime().addShutdownHook(new Thread(server::close));
			return server;
		}
		catch (IOException ex) {
			throw new UncheckedIOException("The folder of a PostgreSQL server could not be created", ex);
		}
	}

	/**
	 * The one server for all tests of this JVM that do it no harm, started by the first
	 * call and closed when the JVM ends.
	 * @return the server
	 */
	public static synchronized PostgresServer shared() {
		if (shared == null) {
			shared = start();
		}
		return shared;
	}

	/**
	 * The JDBC URL of a database of this server, whether it exists or not.
	 * @param database the database's name
	 * @return the URL with the user, who needs no password
	 */
	public String jdbcUrl(String database) {
		return "jdbc:postgresql://localhost:%d/%s?user=postgres".formatted(this.port, database);
	}

	@Override
	public String createDatabase() {
		return this.databases.create();
	}

	/**
	 * Shut the server down, which cuts all connections.
	 */
	public void stop() {
		try {
			this.postgres.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException("PostgreSQL could not be stopped", ex);
		}
	}

	@Override
	public void kill() {
		process().kill();
	}

	@Override
	public void pause() {
		process().signal("STOP");
	}

	@Override
	public void resume() {
		process().signal("CONT");
	}

	@Override
	public Duration cpu() {
		return process().cpu();
	}

	private ProcessTree process() {
		return ProcessTree.of(this.folder.resolve("data").resolve("postmaster.pid"));
	}

	@Override
	public void restart() {
		stop();
		this.postgres = launch(this.folder, this.port, this.settings);
	}

	/**
	 * Shut the server down and delete its data.
	 */
	@Override
	public void close() {
		stop();
		FileUtils.deleteQuietly(this.folder.toFile());
	}

}
