package dev.outbox.testsupport;

/**
 * A database server.
 */
public interface DatabaseServer extends Server {

	/**
	 * Create an empty database with a name of its own.
	 * @return the JDBC URL with the user
	 */
	String createDatabase();

}
