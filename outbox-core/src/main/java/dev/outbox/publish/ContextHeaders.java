package dev.outbox.publish;

import java.util.LinkedHashMap;
import java.util.List;
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
	 * The headers that several tell. Of two of one name the later one's counts.
	 * @param all tell headers; may be none
	 * @return what tells the headers of all of them
	 */
	static ContextHeaders of(List<ContextHeaders> all) {
		return switch (all.size()) {
			case 0 -> NONE;
			case 1 -> all.get(0);
			default -> () -> {
				Map<String, String> headers = new LinkedHashMap<>();
				all.forEach((one) -> headers.putAll(one.current()));
				return headers;
			};
		};
	}

	/**
	 * The headers for what is published now, on this thread. A header that the caller
	 * sets himself takes the place of one of the same name.
	 * @return the headers by their names; may be empty
	 */
	Map<String, String> current();

}
