package dev.outbox.autoconfigure.jpa.own;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/**
 * An entity of the application that is named as the outbox's.
 */
@Entity
@Table(name = "own_outbox")
class Outbox {

	@Id
	@SuppressWarnings("UnusedVariable") // JPA reads it
	private long id;

	protected Outbox() {
	}

}
