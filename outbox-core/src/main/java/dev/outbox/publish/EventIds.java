package dev.outbox.publish;

import java.time.InstantSource;
import java.util.UUID;

/**
 * Draws event ids: UUIDs of version 7 (RFC 9562), whose leading milliseconds keep the
 * unique index of the table compact.
 */
final class EventIds {

	private static final long RANDOM_A = 0x0FFFL;

	private static final long VERSION = 0x7000L;

	private final InstantSource clock;

	EventIds(InstantSource clock) {
		this.clock = clock;
	}

	UUID next() {
		UUID random = UUID.randomUUID();
		long time = this.clock.millis() << 16;
		return new UUID(time | VERSION | (random.getMostSignificantBits() & RANDOM_A),
				random.getLeastSignificantBits());
	}

}
