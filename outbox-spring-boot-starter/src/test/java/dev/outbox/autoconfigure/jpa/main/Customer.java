package dev.outbox.autoconfigure.jpa.main;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;

/**
 * An entity of the application.
 */
@Entity
class Customer {

	@Id
	@SuppressWarnings("UnusedVariable") // JPA reads it
	private long id;

	protected Customer() {
	}

}
