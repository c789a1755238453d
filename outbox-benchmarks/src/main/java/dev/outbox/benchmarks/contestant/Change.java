package dev.outbox.benchmarks.contestant;

/**
 * The payload of an event, the filler last, also in alphabetical order.
 *
 * @param account the account, which is the key
 * @param run the number of the run
 * @param sequence the account's sequence number, without gaps among committed changes
 * @param text gives the event its size
 */
public record Change(int account, int run, long sequence, String text) {

	private static final int BITS = 40;

	/**
	 * Number an event.
	 * @param account its account
	 * @param sequence the account's sequence number
	 * @return one number for both
	 */
	public static long id(int account, long sequence) {
		return ((long) account << BITS) | sequence;
	}

	/**
	 * The account of a numbered event.
	 * @param id the number
	 * @return the account
	 */
	public static int account(long id) {
		return (int) (id >> BITS);
	}

	long id() {
		return id(this.account, this.sequence);
	}

	String key() {
		return String.valueOf(this.account);
	}

}
