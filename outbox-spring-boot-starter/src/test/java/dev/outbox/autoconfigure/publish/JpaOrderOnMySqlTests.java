package dev.outbox.autoconfigure.publish;

import dev.outbox.testsupport.Database;
import org.junit.jupiter.api.Tag;

/**
 * The order of JPA's transactions on MySQL.
 */
@Tag("long")
class JpaOrderOnMySqlTests extends JpaOrderContract {

	JpaOrderOnMySqlTests() {
		super(Database.MYSQL);
	}

}
