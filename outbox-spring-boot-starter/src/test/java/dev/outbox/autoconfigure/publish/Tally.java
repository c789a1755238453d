package dev.outbox.autoconfigure.publish;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;

/**
 * An aggregate that is kept by JPA and has no version.
 */
@Entity
class Tally {

	@Id
	@SuppressWarnings("UnusedVariable") // JPA reads it
	private long id;

	private long mark;

	protected Tally() {
	}

	long mark() {
		return this.mark;
	}

	void mark(long mark) {
		this.mark = mark;
	}

}
