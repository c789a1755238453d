package dev.outbox.benchmarks.run;

import java.time.Duration;

/**
 * How long processors have worked.
 *
 * @param contestant in the contestant's JVMs
 * @param database in the database's processes
 * @param broker in the broker
 */
public record ProcessorTime(Duration contestant, Duration database, Duration broker) {

	ProcessorTime minus(ProcessorTime other) {
		return new ProcessorTime(this.contestant.minus(other.contestant), this.database.minus(other.database),
				this.broker.minus(other.broker));
	}

	ProcessorTime dividedBy(int divisor) {
		return new ProcessorTime(this.contestant.dividedBy(divisor), this.database.dividedBy(divisor),
				this.broker.dividedBy(divisor));
	}

}
