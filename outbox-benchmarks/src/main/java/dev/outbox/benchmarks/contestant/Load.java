package dev.outbox.benchmarks.contestant;

import java.io.Serializable;
import java.time.Duration;

/**
 * What a contestant is to do for a time: transactions that each update the row of an
 * account and publish events about it.
 *
 * @param run the number of the run, which is part of its events
 * @param threads how many threads do transactions
 * @param accounts how many accounts there are, which are the keys
 * @param hot which share of the transactions is about the first account
 * @param events how many events each transaction publishes
 * @param text how many characters of filler each event has
 * @param rate how many transactions a second, or 0 for as many as can be done
 * @param length how long
 */
public record Load(int run, int threads, int accounts, double hot, int events, int text, int rate,
		Duration length) implements Serializable {

	/**
	 * How many accounts there are in the database.
	 */
	public static final int ACCOUNTS = 1000;

	// An event of 300 bytes.
	private static final int TEXT = 250;

	/**
	 * The transactions of the ledger, as many as can be done.
	 * @param length how long
	 * @return the load
	 */
	public static Load ledger(Duration length) {
		return new Load(0, 16, ACCOUNTS, 0, 1, TEXT, 0, length);
	}

	public Load withRun(int run) {
		return new Load(run, this.threads, this.accounts, this.hot, this.events, this.text, this.rate, this.length);
	}

	public Load withHot(double hot) {
		return new Load(this.run, this.threads, this.accounts, hot, this.events, this.text, this.rate, this.length);
	}

	public Load withEvents(int events) {
		return new Load(this.run, this.threads, this.accounts, this.hot, events, this.text, this.rate, this.length);
	}

	public Load withText(int text) {
		return new Load(this.run, this.threads, this.accounts, this.hot, this.events, text, this.rate, this.length);
	}

	public Load withRate(int rate) {
		return new Load(this.run, this.threads, this.accounts, this.hot, this.events, this.text, rate, this.length);
	}

	public Load withLength(Duration length) {
		return new Load(this.run, this.threads, this.accounts, this.hot, this.events, this.text, this.rate, length);
	}

	/**
	 * A part of this load, for one of several instances.
	 * @param instances how many instances share the load
	 * @return the part
	 */
	public Load share(int instances) {
		return new Load(this.run, this.threads / instances, this.accounts, this.hot, this.events, this.text,
				this.rate / instances, this.length);
	}

	/**
	 * Whether the load keeps a rate.
	 * @return whether it does
	 */
	public boolean isPaced() {
		return this.rate > 0;
	}

}
