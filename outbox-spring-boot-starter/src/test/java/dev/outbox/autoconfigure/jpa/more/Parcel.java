package dev.outbox.autoconfigure.jpa.more;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;

/**
 * An entity of the application.
 */
@Entity
class Parcel {

	@Id
	@SuppressWarnings("UnusedVariable") // JPA reads it
	private long id;

	protected Parcel() {
	}

}
