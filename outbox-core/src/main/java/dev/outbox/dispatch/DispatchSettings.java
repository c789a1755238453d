package dev.outbox.dispatch;

import java.time.Duration;

/**
 * Settings and bounds of the dispatcher.
 *
 * @param ordered whether events of one key are kept in order
 * @param staleAfter how long after being sent an unconfirmed event may be sent again
 * @param maxHeldBytes how many bytes of unsent events are kept in memory; what is beyond
 * is left to the relay
 * @param maxInFlightBytes how many bytes may be sent and not yet acknowledged
 * @param maxKeys for how many idle keys it is remembered what was sent
 * @param poison tells what becomes of events that can never be sent
 * @since 0.1
 */
public record DispatchSettings(boolean ordered, Duration staleAfter, long maxHeldBytes, long maxInFlightBytes,
		int maxKeys, PoisonRules poison) {

	private static final long MAX_HELD_BYTES = 16 << 20;

	private static final long MAX_IN_FLIGHT_BYTES = 8 << 20;

	private static final int MAX_KEYS = 50_000;

	/**
	 * Settings with the usual bounds.
	 * @param ordered whether events of one key are kept in order
	 * @param staleAfter how long after being sent an unconfirmed event may be sent again
	 * @param poison tells what becomes of events that can never be sent
	 * @return the settings
	 */
	public static DispatchSettings of(boolean ordered, Duration staleAfter, PoisonRules poison) {
		return new DispatchSettings(ordered, staleAfter, MAX_HELD_BYTES, MAX_IN_FLIGHT_BYTES, MAX_KEYS, poison);
	}

}
