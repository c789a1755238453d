package dev.outbox.relay;

import java.util.List;

import dev.outbox.store.Attempt;
import dev.outbox.store.RelayStore;

/**
 * Remembers attempts in the store, and has those of events that are gone forgotten.
 */
final class AttemptLog {

	private final RelayStore store;

	private final ReadBack readBack;

	// Others may have made some before the start.
	private boolean any = true;

	AttemptLog(RelayStore store, ReadBack readBack) {
		this.store = store;
		this.readBack = readBack;
	}

	// Where an acknowledgement confirms, what has been acknowledged is no attempt.
	void record(List<Attempt> attempts) {
		this.any = true;
		this.store.recordAttempts(this.readBack.isOfAcknowledgements()
				? attempts.stream().filter((attempt) -> attempt.error() != null).toList() : attempts);
	}

	void forget() {
		if (this.any) {
			this.store.forgetAttempts();
			this.any = false;
		}
	}

	// What was sent may be gone by now; what is not, or was recorded by others, is to be
	// forgotten later.
	void endPass(boolean sentAny) {
		if (sentAny) {
			forget();
		}
		this.any = true;
	}

}
