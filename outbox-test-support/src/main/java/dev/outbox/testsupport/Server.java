package dev.outbox.testsupport;

import java.time.Duration;

/**
 * A server that a test can hurt, and that keeps its address and its data.
 */
public interface Server {

	/**
	 * Kill the server, as by a crash.
	 */
	void kill();

	/**
	 * Start the server again, on the same port and with the same data, and wait until it
	 * answers. A running one is stopped first.
	 */
	void restart();

	/**
	 * Hold the server: connections stay open, but nothing is answered.
	 */
	void pause();

	/**
	 * Let a paused server go on.
	 */
	void resume();

	/**
	 * The processor time that the server has used so far, without what processes have
	 * used that have ended, such as those of connections.
	 * @return the time
	 */
	Duration cpu();

}
