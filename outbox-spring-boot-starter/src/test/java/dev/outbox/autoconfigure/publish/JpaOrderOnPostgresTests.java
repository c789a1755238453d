package dev.outbox.autoconfigure.publish;

import dev.outbox.testsupport.Database;

/**
 * The order of JPA's transactions on PostgreSQL.
 */
class JpaOrderOnPostgresTests extends JpaOrderContract {

	JpaOrderOnPostgresTests() {
		super(Database.POSTGRESQL);
	}

}
