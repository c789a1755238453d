package dev.outbox.autoconfigure.publish;

import java.util.function.Consumer;

import jakarta.persistence.Entity;
import jakarta.persistence.EntityListeners;
import jakarta.persistence.Id;
import jakarta.persistence.PostUpdate;
import jakarta.persistence.PreUpdate;
import jakarta.persistence.Version;
import org.jspecify.annotations.Nullable;

/**
 * An aggregate that is kept by JPA.
 */
@Entity
@EntityListeners(Account.Listener.class)
class Account {

	@Id
	private long id;

	private long balance;

	@Version
	private long version;

	protected Account() {
	}

	Account(long id) {
		this.id = id;
	}

	long id() {
		return this.id;
	}

	long balance() {
		return this.balance;
	}

	void deposit(long amount) {
		this.balance += amount;
	}

	/**
	 * Does what a test wants when an account is written.
	 */
	static final class Listener {

		static @Nullable Consumer<Account> beforeUpdate;

		static @Nullable Consumer<Account> afterUpdate;

		static void clear() {
			beforeUpdate = null;
			afterUpdate = null;
		}

		@PreUpdate
		void beforeUpdate(Account account) {
			if (beforeUpdate != null) {
				beforeUpdate.accept(account);
			}
		}

		@PostUpdate
		void afterUpdate(Account account) {
			if (afterUpdate != null) {
				afterUpdate.accept(account);
			}
		}

	}

}
