package dev.outbox.autoconfigure.publish;

import dev.outbox.testsupport.Database;

/**
 * The order of JPA's transactions on MySQL.
 */
class JpaOrderOnMySqlTests extends JpaOrderContract {

	JpaOrderOnMySqlTests() {
		super(Database.MYSQL);
	}

}
