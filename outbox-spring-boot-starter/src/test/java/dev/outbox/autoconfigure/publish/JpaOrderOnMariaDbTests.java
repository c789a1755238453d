package dev.outbox.autoconfigure.publish;

import dev.outbox.testsupport.Database;

/**
 * The order of JPA's transactions on MariaDB.
 */
class JpaOrderOnMariaDbTests extends JpaOrderContract {

	JpaOrderOnMariaDbTests() {
		super(Database.MARIADB);
	}

}
