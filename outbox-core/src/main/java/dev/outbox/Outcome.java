package dev.outbox;

/**
 * What came of an operator's action. What has meanwhile been sent, confirmed, or acted
 * upon by somebody else is not done again.
 *
 * @param done for how many events it was done
 * @param asked for how many different events it was asked
 * @since 0.1
 */
public record Outcome(int done, int asked) {

	@Override
	public String toString() {
		return "%d of %d".formatted(this.done, this.asked);
	}

}
