package dev.outbox.relay;

import dev.outbox.dispatch.ResendPage;

/**
 * What a pass has brought about so far.
 *
 * @param sent how many events were sent and have an outcome
 * @param unfinished whether some were left out that need not wait
 */
record PassProgress(int sent, boolean unfinished) {

	static final PassProgress NONE = new PassProgress(0, false);

	PassProgress plus(ResendPage.Outcome outcome) {
		return new PassProgress(this.sent + outcome.outcomes(), this.unfinished || outcome.unfinished());
	}

	// An event that Kafka refuses holds up its key and, when the channel is closed
	// because of it, all that is under way: from the lowest id again, without a
	// pause. Each time at least one event gets out of the way, or is tried again
	// much later.
	boolean isToBeRepeated() {
		return this.unfinished && this.sent > 0;
	}

}
