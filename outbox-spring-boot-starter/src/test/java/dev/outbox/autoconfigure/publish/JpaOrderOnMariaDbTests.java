package dev.outbox.autoconfigure.publish;

import dev.outbox.testsupport.Database;
import org.junit.jupiter.api.Tag;

/**
 * The order of JPA's transactions on MariaDB.
 */
@Tag("long")
class JpaOrderOnMariaDbTests extends JpaOrderContract {

	JpaOrderOnMariaDbTests() {
		super(Database.MARIADB);
	}

}
