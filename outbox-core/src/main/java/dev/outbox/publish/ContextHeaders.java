package dev.outbox.publish;

import java.util.Map;

/**
 * Tells the headers that an event gets from where it is published, such as those by which
 * its consumers join the current trace.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface ContextHeaders {

	/**
	 * No headers.
	 */
	ContextHeaders NONE = Map::of;

	/**
	 * The headers for what is published now, on this thread. A header that the caller
	 * sets himself takes the place of one of the same name.
	 * @return the headers by their names; may be empty
	 */
	Map<String, String> current();

}
