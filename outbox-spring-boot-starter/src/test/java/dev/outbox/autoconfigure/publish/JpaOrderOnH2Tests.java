package dev.outbox.autoconfigure.publish;

import dev.outbox.testsupport.Database;

/**
 * The order of JPA's transactions on H2.
 */
class JpaOrderOnH2Tests extends JpaOrderContract {

	JpaOrderOnH2Tests() {
		super(Database.H2);
	}

}
