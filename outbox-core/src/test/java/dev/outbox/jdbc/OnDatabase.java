package dev.outbox.jdbc;

import java.util.List;

/**
 * A part of the contract, to be kept on one database.
 */
interface OnDatabase {

	/**
	 * The database for most tests, emptied before each.
	 * @return the database
	 */
	TestDatabase database();

	/**
	 * Create another database, without tables.
	 * @return its JDBC URL
	 */
	String createDatabase();

	/**
	 * Time zones that a session of this database can be in.
	 * @return their names
	 */
	List<String> zones();

	/**
	 * The statement that sets a session's time zone.
	 * @param zone the name of the zone
	 * @return the statement
	 */
	String setZone(String zone);

}
